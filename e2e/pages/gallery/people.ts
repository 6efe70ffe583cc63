import type { CallRecord, EndReason, Message } from '@ringline/client';

const NOW = Date.now();
const MINUTE = 60_000;

/** Everybody on the server of the gallery. */
export const PEOPLE = [
  ['bob.li', 'Bob Li', true, 0],
  ['chen.xiaoming', '陈小明', true, 2],
  ['dr.amara', 'Dr. Amara Okafor', true, 5],
  ['elena', 'Elena Petrova', false, 40],
  ['frank', undefined, false, 190],
  ['giulia', 'Giulia Bianchi-Montefiore della Rovere', false, 1300],
  ['haruto', '田中 陽翔', false, 2900],
  ['support', 'Support desk', false, 9000],
].map(([user, name, online, minutes]) => ({
  user: String(user),
  ...(name !== undefined && { name: String(name) }),
  online: online === true,
  seenAt: NOW - Number(minutes) * MINUTE,
}));

interface Past {
  readonly peer: string;
  readonly isMine: boolean;
  readonly reason: EndReason;
  readonly minutesAgo: number;
  readonly seconds?: number;
  readonly isVideo?: boolean;
}

const PAST: readonly Past[] = [
  { peer: 'bob.li', isMine: false, reason: 'cancelled', minutesAgo: 4 },
  {
    peer: 'chen.xiaoming',
    isMine: true,
    reason: 'completed',
    minutesAgo: 26,
    seconds: 754,
    isVideo: true,
  },
  { peer: 'dr.amara', isMine: true, reason: 'no-answer', minutesAgo: 95 },
  { peer: 'elena', isMine: true, reason: 'refused', minutesAgo: 180, isVideo: true },
  { peer: 'bob.li', isMine: true, reason: 'busy', minutesAgo: 260 },
  { peer: 'giulia', isMine: false, reason: 'completed', minutesAgo: 1500, seconds: 4021 },
  { peer: 'frank', isMine: false, reason: 'no-answer', minutesAgo: 1700 },
  { peer: 'haruto', isMine: true, reason: 'offline', minutesAgo: 3100 },
  { peer: 'bob.li', isMine: false, reason: 'refused', minutesAgo: 4500 },
  { peer: 'chen.xiaoming', isMine: true, reason: 'cancelled', minutesAgo: 6000 },
];

/** Past calls of every kind. */
export const RECORDS: readonly CallRecord[] = PAST.map((past, i) => {
  const endedAt = NOW - past.minutesAgo * MINUTE;
  const { peer, isMine, reason, seconds, isVideo = false } = past;
  const isOn = seconds !== undefined;
  const startedAt = endedAt - (seconds ?? 20) * 1000;
  return {
    call: `past-${i}`,
    roomId: i,
    type: isVideo ? 'video' : 'audio',
    status: 1,
    reason,
    caller: isMine ? 'alice' : peer,
    callee: isMine ? peer : 'alice',
    durations: isOn ? ['alice', peer].map((user) => ({ user, seconds })) : [],
    invitedAt: startedAt,
    acceptedAt: isOn ? startedAt : null,
    connectedAt: isOn ? startedAt : null,
    endedAt,
    endedBy: null,
  };
});

const SAID: readonly (readonly [
  peer: string,
  isMine: boolean,
  text: string,
  minutesAgo: number,
])[] = [
  ['chen.xiaoming', false, '合同我看过了，明天可以签。', 300],
  ['elena', true, 'I will send the slides tonight.', 200],
  ['bob.li', false, 'Morning! Did the new headset arrive?', 61],
  ['bob.li', true, 'Yes, and it is so much better than the laptop microphone.', 60],
  [
    'bob.li',
    false,
    'Great. Shall we go through the release notes at three? I have marked the parts that still need an owner, it should not take longer than twenty minutes.',
    58,
  ],
  ['bob.li', true, 'Three is fine. Video?', 57],
  ['bob.li', false, '👍', 56],
];

/** Messages with some of them, and the records among them. */
export const MESSAGES: readonly Message[] = [
  ...SAID.map(([peer, isMine, text, minutesAgo]) => ({
    kind: 'text',
    from: isMine ? 'alice' : peer,
    to: isMine ? peer : 'alice',
    text,
    at: NOW - minutesAgo * MINUTE,
  })),
  ...RECORDS.map((record) => ({
    kind: 'record',
    from: record.caller,
    to: record.callee,
    record,
    at: record.endedAt,
  })),
]
  .sort((a, b) => a.at - b.at)
  .map((message, i) => ({ ...message, id: `message-${i}`, cursor: i + 1 }) as unknown as Message);
