import type { MessageBody } from '@ringline/protocol';
import { MAX_MESSAGE_BYTES, utf8Length } from '@ringline/protocol';
import { RinglineError } from '../errors.ts';
import type { Outgoing } from './message.ts';

/** What `send` was given, as the protocol says it; throws `malformed` when it is too long. */
export function bodyOf(outgoing: Outgoing): MessageBody {
  const body = bodyOfAnySize(outgoing);
  const text = body.kind === 'text' ? body.text : JSON.stringify(body.data);
  const bytes = utf8Length(text);
  if (bytes <= MAX_MESSAGE_BYTES) return body;
  const path = `body.${body.kind}`;
  const flaw = `must be at most ${MAX_MESSAGE_BYTES} bytes, has ${bytes}`;
  throw new RinglineError('malformed', `${path} ${flaw}. Send less, or a link to it.`, { path });
}

function bodyOfAnySize(outgoing: Outgoing): MessageBody {
  if (typeof outgoing === 'string') return { kind: 'text', text: outgoing };
  return 'text' in outgoing
    ? { kind: 'text', text: outgoing.text }
    : { kind: 'data', data: outgoing.data };
}
