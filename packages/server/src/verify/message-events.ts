import type { AuditedMessageEvent } from '../store/audit.ts';
import { differences } from './differences.ts';

/** What customers' servers are told of a message is what it says, as long as both are kept. */
export function flawsOfMessageEvent({
  n,
  key,
  data,
  message,
}: AuditedMessageEvent): readonly string[] {
  if (!message) return [];
  const { from, to, id } = message;
  const flaws = differences(`event ${n} of it`, data, 'the message itself', message);
  const due = `from ${from}\n${to}`;
  return [
    ...flaws,
    ...(key === due
      ? []
      : [`event ${n} of it has key ${JSON.stringify(key)}, not ${JSON.stringify(due)}`]),
  ].map((flaw) => `message ${id} from ${from} to ${to}: ${flaw}`);
}
