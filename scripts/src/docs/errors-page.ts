import {
  CLOSE,
  CLOSE_MEANINGS,
  END_REASONS,
  LEG_END_REASONS,
  REASON_MEANINGS,
  REFUSALS,
} from '@ringline/protocol';
import type { CloseName, EndReason, LegEndReason } from '@ringline/protocol';
import { sentence, table } from './markdown.ts';

const INTRODUCTION = `# Codes and reasons

Every word with which Ringline says that something was not done, or is over. Each list is closed: a server sends nothing else. This page is made from \`packages/protocol/src\` by \`npm run docs\`.`;

const REFUSED = `## Refusals

A message that was not carried out is answered by \`refused\` with one of these codes; the SDK throws an error with the same \`code\`. Nothing was changed by it, but for one case: with \`unavailable\` the store may have fallen between its commit and its answer. Then it was done, once, and the newest view tells so. Said again with the same number, id or \`key\` it is not done twice; an invitation that nobody wants any more is to be cancelled, as the SDK does by itself.`;

const ENDED = `## End reasons of a call

A call's reason is fixed with its record, for ever, and the same on both sides.`;

const LEGS = `## End reasons of one device

Why a call stopped on one device of the callee, when that differs from the call's own reason.`;

const CLOSED = `## Close codes

The code with which the server closes a WebSocket, and whether the SDK connects again by itself. After a code that is not in this list it does.`;

/** `docs/errors.md`: refusals, end reasons and close codes. */
export function errorsPage(): string {
  const refusals = Object.entries(REFUSALS).map(([code, meaning]) => [`\`${code}\``, meaning]);
  const closes = Object.entries(CLOSE).map(([name, { code, reconnect }]) => [
    String(code),
    `\`${name}\``,
    sentence(CLOSE_MEANINGS[name as CloseName]),
    reconnect ? 'yes' : 'no',
  ]);
  const sections = [
    INTRODUCTION,
    REFUSED,
    table(['Code', 'What it means, and what to do'], refusals),
    ENDED,
    reasons(END_REASONS),
    LEGS,
    reasons(LEG_END_REASONS),
    CLOSED,
    table(['Code', 'Name', 'What it means', 'Connects again'], closes),
  ];
  return `${sections.join('\n\n')}\n`;
}

function reasons(list: readonly (EndReason | LegEndReason)[]): string {
  const rows = list.map((reason) => [`\`${reason}\``, sentence(REASON_MEANINGS[reason])]);
  return table(['Reason', 'What happened'], rows);
}
