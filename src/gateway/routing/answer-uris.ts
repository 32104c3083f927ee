import { editedFrame, type Edit } from '../frame/edit.ts';
import { isObject, type ResponseFrame } from '../frame/frame.ts';
import { elementRangesAt, memberNamed, membersAt, type Member } from '../frame/json-scan.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { Offers } from './offers.ts';

/**
 * A server's answer in which the URIs of resources lead back to it: what a read returned, links to resources and embedded
 * ones, in tool results and prompts. Those that do so anyway stay, and with them the whole answer.
 */
export function withExposedUris(answer: ResponseFrame, server: UpstreamServer, offers: Offers): ResponseFrame {
  if (answer.kind !== 'result' || !mentionsResources(answer.result)) return answer;
  const result = memberNamed(answer.members, 'result');
  if (result === undefined) return answer;
  const edits: Edit[] = [];
  for (const { valueStart, valueEnd } of uriMembers(answer.text, result.valueStart)) {
    const own: unknown = JSON.parse(answer.text.slice(valueStart, valueEnd));
    if (typeof own !== 'string') continue;
    const exposed = offers.exposedUri(server, own);
    if (exposed !== own) edits.push({ start: valueStart, end: valueEnd, replacement: JSON.stringify(exposed) });
  }
  return editedFrame(answer, edits);
}

/** A look at what was parsed, so that most answers are not scanned. */
function mentionsResources(result: unknown): boolean {
  if (!isObject(result)) return false;
  const { contents, content, messages } = result;
  return (
    Array.isArray(contents) || Array.isArray(messages) || (Array.isArray(content) && content.some(isResourceBlock))
  );
}

function isResourceBlock(block: unknown): boolean {
  return isObject(block) && (block['type'] === 'resource_link' || block['type'] === 'resource');
}

function uriMembers(text: string, resultStart: number): readonly Member[] {
  const result = membersAt(text, resultStart);
  const starts = (key: string): readonly number[] => startsWithin(text, memberNamed(result, key));
  return [
    ...starts('contents').flatMap((start) => uriAt(text, start)),
    ...starts('content').flatMap((start) => uriOfBlock(text, start)),
    ...starts('messages')
      .flatMap((start) => startsWithin(text, memberNamed(membersAt(text, start), 'content')))
      .flatMap((start) => uriOfBlock(text, start)),
  ];
}

/** Where the elements of a list begin, or the one value that stands in its place. */
function startsWithin(text: string, member: Member | undefined): readonly number[] {
  if (member === undefined) return [];
  return elementRangesAt(text, member.valueStart)?.map(({ start }) => start) ?? [member.valueStart];
}

function uriOfBlock(text: string, start: number): readonly Member[] {
  const block = membersAt(text, start);
  const type = memberNamed(block, 'type');
  const typeText = type === undefined ? '' : text.slice(type.valueStart, type.valueEnd);
  if (typeText === '"resource_link"') return uriAt(text, start);
  const embedded = typeText === '"resource"' ? memberNamed(block, 'resource') : undefined;
  return embedded === undefined ? [] : uriAt(text, embedded.valueStart);
}

function uriAt(text: string, start: number): readonly Member[] {
  const uri = memberNamed(membersAt(text, start), 'uri');
  return uri === undefined ? [] : [uri];
}
