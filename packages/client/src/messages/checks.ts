import type { MessageBody } from '@ringline/protocol';
import { MAX_MESSAGE_BYTES } from '@ringline/protocol';
import { checkLength } from '../calls/checks.ts';
import type { Outgoing } from './message.ts';

/** What `send` was given, as the protocol says it; throws `malformed` when it is too long. */
export function bodyOf(outgoing: Outgoing): MessageBody {
  const content = typeof outgoing === 'string' ? { text: outgoing } : outgoing;
  const isText = 'text' in content;
  const text = isText ? content.text : JSON.stringify(content.data);
  checkLength(`body.${isText ? 'text' : 'data'}`, text, MAX_MESSAGE_BYTES);
  return isText ? { kind: 'text', text } : { kind: 'data', data: content.data };
}
