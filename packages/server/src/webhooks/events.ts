import { eventsBetween, invitationEventsBetween } from '@ringline/call';
import type { EventType } from '@ringline/protocol';
import type { Randomness } from '../randomness.ts';
import { randomName } from '../randomness.ts';
import type { Endpoint, NewDelivery, NewEvent, PostForm } from '../store/outbox.ts';
import type { NewInboxItem, Snapshot } from '../store/store.ts';
import type { Changes } from '../steps/teller.ts';
import { keyOfInvitation } from '../store/outbox.ts';
import { formsTaken } from './netease.ts';

type Untold = Pick<NewEvent, 'type' | 'key' | 'data'>;

/** What a step tells the endpoints, each as it wants it; what none of them wants is no event. */
export function eventsOf(
  before: Snapshot,
  changes: Changes,
  endpoints: readonly Endpoint[],
  randomness: Randomness,
): readonly NewEvent[] {
  const enabled = endpoints.filter(({ isEnabled }) => isEnabled);
  if (enabled.length === 0) return [];
  const events = [
    ...ofCalls(before, changes),
    ...changes.inbox.flatMap(ofMessage),
    ...ofInvitations(before, changes),
  ];
  return events.flatMap((event) => {
    const wanted = enabled.flatMap((endpoint) =>
      formsFor(endpoint, event.type).map((form) => ({ endpoint, form })),
    );
    if (wanted.length === 0) return [];
    const told = { ...event, id: randomName(randomness) };
    const deliveries = wanted.map(({ endpoint, form }) => deliveryOf(endpoint, told, form));
    return [{ ...told, deliveries }];
  });
}

function ofCalls(before: Snapshot, { calls }: Changes): readonly Untold[] {
  return calls.flatMap((call) => {
    const earlier = before.calls.find(({ id }) => id === call.id);
    return eventsBetween(earlier, call).map(({ type, data }) => ({ type, data, key: call.id }));
  });
}

function ofMessage({ id, from, to, at, body }: NewInboxItem): readonly Untold[] {
  // The record as a message is told as the record.
  if (body.kind === 'record') return [];
  // No id contains a line break, and no call's id a space: keys of two kinds never meet.
  return [{ type: 'message.sent', key: `from ${from}\n${to}`, data: { id, from, to, at, body } }];
}

function ofInvitations({ rtm }: Snapshot, { invitations = [] }: Changes): readonly Untold[] {
  return invitations.flatMap((invitation) => {
    const { id } = invitation;
    const earlier = rtm?.invitation?.id === id ? rtm.invitation : undefined;
    const key = keyOfInvitation(id);
    return invitationEventsBetween(earlier, invitation).map((event) => ({ ...event, key }));
  });
}

/** As what an endpoint is told of an event. */
function formsFor(endpoint: Endpoint, type: EventType): readonly PostForm[] {
  if (endpoint.events !== null && !endpoint.events.includes(type)) return [];
  return endpoint.format === 'standard' ? ['event'] : formsTaken(endpoint, type);
}

/**
 * Events of a call or an invitation arrive in order, and messages of one user to another. Of copy-outs the end of a room
 * waits for its beginning, and nothing else for anything, as with the vendor: a receiver that fails on
 * one of them shall have the others all the same.
 */
function deliveryOf(
  { id: endpoint, format }: Endpoint,
  { id, key }: Omit<NewEvent, 'deliveries'>,
  form: PostForm,
): NewDelivery {
  if (format === 'standard') return { endpoint, form, lane: key };
  return { endpoint, form, lane: isOfRoom(form) ? `room ${key}` : `${form} ${id}` };
}

function isOfRoom(form: PostForm): boolean {
  return form === 'room-start' || form === 'room-end';
}
