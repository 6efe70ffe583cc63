import type { EventData, EventType, InvitationEventType, Peer } from '@ringline/protocol';
import type { Call, Established, Role } from './call.ts';
import { ROLES, mediaOf } from './call.ts';

/** The events of which a call has any: all but those of messages and of bare invitations. */
type CallEventType = Exclude<EventType, 'message.sent' | InvitationEventType>;

/** One thing that happened to a call; whoever keeps it gives it its number. */
export type CallEvent = {
  readonly [Type in CallEventType]: {
    readonly type: Type;
    readonly data: Omit<EventData[Type], 'sequence'>;
  };
}[CallEventType];

/**
 * What happened to a call in one step, in the order in which it is told. `before` is the call
 * one version earlier; undefined for a new one. A pure function of the two, so that nothing can
 * happen untold, and the same step always tells the same.
 */
export function eventsBetween(before: Call | undefined, after: Call): readonly CallEvent[] {
  const events: CallEvent[] = before === undefined ? [invitedEvent(after)] : [];
  if (after.state === 'ringing' && before?.state !== 'ringing') {
    events.push({ type: 'call.ringing', data: told(after) });
  }
  if (after.state === 'established') events.push(...establishedEvents(before, after));
  if (after.state === 'ended') {
    const by = after.endedBy?.user ?? null;
    events.push({ type: 'call.ended', data: { ...told(after), reason: after.reason, by } });
    events.push({ type: 'record.created', data: { call: after.id, record: after.record } });
  }
  return events;
}

function invitedEvent(call: Call): CallEvent {
  const { content, invitedAt, legs } = call;
  // A busy callee's invitation is over as it begins.
  const expiresAt = 'expiresAt' in call ? call.expiresAt : invitedAt;
  return {
    type: 'call.invited',
    data: {
      ...told(call),
      invitedAt,
      expiresAt,
      offline: call.state !== 'ended' && legs.length === 0,
      ...(content !== null && { content }),
    },
  };
}

function establishedEvents(before: Call | undefined, after: Established): readonly CallEvent[] {
  const events: CallEvent[] = [];
  const was = before?.state === 'established' ? before : undefined;
  const data = told(after);
  if (!was) {
    const { response } = after;
    events.push({
      type: 'call.accepted',
      data: { ...data, ...(response !== null && { response }) },
    });
  }
  if (after.connectedAt !== null && (was?.connectedAt ?? null) === null) {
    events.push({ type: 'call.connected', data });
  }
  if (was) events.push(...holdEvents(was, after), ...pictureEvents(was, after));
  return events;
}

function holdEvents(before: Established, after: Established): readonly CallEvent[] {
  return ROLES.flatMap((role): readonly CallEvent[] => {
    const [was, is] = [standsStill(before, role), standsStill(after, role)];
    if (was === is) return [];
    const data = { ...told(after), by: after[role].user };
    return [{ type: is ? 'call.held' : 'call.resumed', data }];
  });
}

/** Whether a side has the call held: until its resume has succeeded. */
function standsStill({ sides, resuming }: Established, role: Role): boolean {
  return sides[role].holds || resuming?.by === role;
}

function pictureEvents(before: Established, after: Established): readonly CallEvent[] {
  const [was, is] = [before.video.state === 'on', after.video.state === 'on'];
  if (was === is) return [];
  if (is) return [{ type: 'call.video.added', data: told(after) }];
  const { why, by } = after.videoEnding ?? { why: 'removed' as const, by: null };
  const data = { ...told(after), why, by: by && after[by].user };
  return [{ type: 'call.video.removed', data }];
}

function told(call: Call): Omit<EventData['call.ringing'], 'sequence'> {
  const { id, roomId, caller, callee } = call;
  return {
    call: id,
    roomId,
    caller: withoutDevice(caller),
    callee: withoutDevice(callee),
    media: mediaNow(call),
  };
}

function withoutDevice({ user, name, avatar }: Peer): Peer {
  return { user, ...(name !== undefined && { name }), ...(avatar !== undefined && { avatar }) };
}

function mediaNow(call: Call): EventData['call.ringing']['media'] {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return call.invitedMedia;
    case 'established':
      return mediaOf(call);
    case 'ended':
      return call.record.type;
  }
}
