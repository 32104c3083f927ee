import { editedFrame } from '../frame/edit.ts';
import { isObject, type ResponseFrame } from '../frame/frame.ts';
import { elementRangesAt, memberNamed, membersAt } from '../frame/json-scan.ts';
import { annotatedParameters, isMirrored } from './parameter-headers.ts';

/**
 * A list of tools without those whose arguments could not be repeated in headers as their schema wants it
 * (`x-mcp-header`, MCP 2026-07-28): a tool that is called otherwise than its server expects must not be offered. Every other
 * byte of what is offered stays.
 */
export function withoutInvalidTools(frame: ResponseFrame): ResponseFrame {
  if (frame.kind !== 'result' || !isObject(frame.result)) return frame;
  const tools: unknown = frame.result['tools'];
  if (!Array.isArray(tools) || tools.every(isWellAnnotated)) return frame;
  const result = memberNamed(frame.members, 'result');
  const list = result === undefined ? undefined : memberNamed(membersAt(frame.text, result.valueStart), 'tools');
  if (list === undefined) return frame;
  const ranges = elementRangesAt(frame.text, list.valueStart) ?? [];
  const kept = ranges.filter((_range, index) => isWellAnnotated(tools[index]));
  const replacement = `[${kept.map(({ start, end }) => frame.text.slice(start, end)).join(',')}]`;
  return editedFrame(frame, [{ start: list.valueStart, end: list.valueEnd, replacement }]);
}

function isWellAnnotated(tool: unknown): boolean {
  const annotated = annotatedParameters(tool);
  const names = annotated.map(({ header }) => (typeof header === 'string' ? header.toLowerCase() : ''));
  return annotated.every(isMirrored) && new Set(names).size === names.length;
}
