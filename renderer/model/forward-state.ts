import type { ForwardStatus } from '../../src/shared/contract/messages.ts';
import type { ForwardState, OtlpProtocol } from '../../src/shared/domain/forwarding.ts';
import { capturedWords } from './captured-spans.ts';
import { formatClockMillis } from './format.ts';

export const FORWARD_WORDS: Readonly<Record<ForwardState, string>> = {
  off: 'Off',
  idle: 'Up to date',
  sending: 'Sending',
  failing: 'Failing',
};

export const PROTOCOL_OPTIONS: readonly { readonly value: OtlpProtocol; readonly label: string }[] = [
  { value: 'http/protobuf', label: 'HTTP, protobuf' },
  { value: 'http/json', label: 'HTTP, JSON' },
  { value: 'grpc', label: 'gRPC' },
];

export function protocolWord(protocol: OtlpProtocol): string {
  return PROTOCOL_OPTIONS.find(({ value }) => value === protocol)?.label ?? protocol;
}

/** What of the traces leaves for an endpoint, in short pieces. */
export function forwardedWords(endpoint: Pick<ForwardStatus, 'filter' | 'payloads' | 'sampling'>): readonly string[] {
  const { requests, responses } = endpoint.payloads;
  const isBare = requests === 'none' && responses === 'none';
  return [
    endpoint.filter === '' ? 'every trace' : endpoint.filter,
    endpoint.sampling === 'caller' ? 'unsampled ones stay here' : 'unsampled ones too',
    isBare ? 'no bodies' : `requests ${capturedWords(requests)}, responses ${capturedWords(responses)}`,
  ];
}

/** When something was last sent: the time today, else the date as well. */
export function lastSentWords(lastSentAt: number | null, now: number): string {
  if (lastSentAt === null) return 'nothing sent yet';
  const time = formatClockMillis(lastSentAt).slice(0, 8);
  const day = new Date(lastSentAt);
  return day.toDateString() === new Date(now).toDateString()
    ? `last sent ${time}`
    : `last sent ${day.toLocaleDateString('en-CA')} ${time}`;
}
