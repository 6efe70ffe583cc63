import * as agora from '@ringline/compat/rtm/agora';
import * as anyrtc from '@ringline/compat/rtm/anyrtc';
import { expect, test } from 'vitest';
import { documentAt, sectionOf, tablesOf } from '../src/docs/documents.ts';

const PAGE = documentAt('docs/migrate/rtm.md').text;
const DOORS = { Agora: agora, anyRTC: anyrtc };

/** The rows of a section's table: names, and what the two vendors' columns and the state say. */
function rowsOf(heading: string) {
  const rows = tablesOf(sectionOf(PAGE, heading)).get('Name') ?? [];
  return rows.flatMap(([names = '', ofAgora = '', ofAnyrtc = '', state = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => ({
      name,
      Agora: ofAgora !== '–',
      anyRTC: ofAnyrtc !== '–',
      state,
    })),
  );
}

/** What a class gives its apps: methods and accessors of its own, of its emitter, and the fields of an instance. */
function membersOf(made: object): Set<string> {
  const names = new Set(Object.keys(made));
  for (let each = Object.getPrototypeOf(made) as object; each !== Object.prototype;) {
    for (const name of Object.getOwnPropertyNames(each)) names.add(name);
    each = Object.getPrototypeOf(each) as object;
  }
  names.delete('constructor');
  return names;
}

const APP_ID = '0123456789abcdef0123456789abcdef';
const EMITTING = [
  'on',
  'once',
  'off',
  'removeAllListeners',
  'emit',
  'listeners',
  'rawListeners',
  'listenerCount',
];

test.each(['Agora', 'anyRTC'] as const)(
  'docs/migrate/rtm.md lists every member of the classes of %s',
  (vendor) => {
    const { RtmClient } = DOORS[vendor];
    const client =
      vendor === 'Agora'
        ? agora.AgoraRTM.createInstance(APP_ID)
        : anyrtc.ArRTM.createInstance(APP_ID);
    expect(client).toBeInstanceOf(RtmClient);
    const listed = (heading: string) =>
      rowsOf(heading).flatMap((row) => (row[vendor] ? [row.name] : []));
    const ofClient = membersOf(client);
    // Of Agora it belongs to the emitter's own business.
    if (vendor === 'Agora') ofClient.delete('emit');
    const documented = new Set(listed('RtmClient'));
    documented.delete('defaultMaxListeners');
    expect([...ofClient].toSorted()).toEqual([...documented].toSorted());
    const channel = [...membersOf(client.createChannel('room'))].filter(
      (name) => !EMITTING.includes(name),
    );
    expect(channel.toSorted()).toEqual(listed('RtmChannel').toSorted());
    const local = membersOf(client.createLocalInvitation('bob'));
    const invitations = new Set(listed('LocalInvitation, RemoteInvitation'));
    const missing = [...local].filter((name) => !EMITTING.includes(name) && !invitations.has(name));
    expect(missing).toEqual([]);
  },
);

test.each(['Agora', 'anyRTC'] as const)(
  'docs/migrate/rtm.md lists everything in the namespace of %s',
  (vendor) => {
    const namespace = vendor === 'Agora' ? agora.AgoraRTM : anyrtc.ArRTM;
    const listed = rowsOf('The namespace').flatMap((row) => (row[vendor] ? [row.name] : []));
    expect(Object.keys(namespace).toSorted()).toEqual(listed.toSorted());
  },
);

test('docs/migrate/rtm.md names every event', () => {
  const events: readonly (
    | keyof agora.RtmEvents.RtmClientEvents
    | keyof anyrtc.RtmEvents.RtmClientEvents
  )[] = [
    'ConnectionStateChanged',
    'MessageFromPeer',
    'RemoteInvitationReceived',
    'PeersOnlineStatusChanged',
    'TokenExpired',
    'TokenPrivilegeWillExpire',
    'TokenWillExpired',
    'TokenDidExpired',
    'FallbackProxyConnected',
    'BannedByServer',
  ];
  for (const event of events) expect(sectionOf(PAGE, 'RtmClient')).toContain(`\`${event}\``);
});
