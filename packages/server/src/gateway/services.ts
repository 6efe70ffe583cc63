import type { Authenticator } from '../auth/authenticator.ts';
import type { CallPolicy } from '../calls/call-policy.ts';
import type { CallService } from '../calls/call-service.ts';
import type { Signals } from '../calls/signals.ts';
import type { Clock } from '../clock.ts';
import type { IceServersOf } from '../ice/ice-servers.ts';
import type { InboxService } from '../inbox/inbox-service.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { MissedCalls } from '../records/missed-calls.ts';
import type { QualityService } from '../quality/quality-service.ts';
import type { PreCall } from '../pre-call/pre-call.ts';
import type { WatchedUsers } from '../presence/watched-users.ts';
import type { Randomness } from '../randomness.ts';
import type { DevicesHere } from '../registrar/devices-here.ts';
import type { Lease } from '../registrar/lease.ts';
import type { Registrar } from '../registrar/registrar.ts';
import type { WaitingSwitch } from '../registrar/waiting-switch.ts';
import type { Rtm } from '../rtm/rtm.ts';
import type { Store } from '../store/store.ts';
import type { HeartbeatRounds } from './heartbeat-rounds.ts';
import type { Speech } from './device-voice.ts';
import type { UserBudgets } from './user-budgets.ts';

/** What a connection needs of its node. */
export interface Services {
  readonly authenticator: Authenticator;
  readonly budgets: UserBudgets;
  readonly calls: CallService;
  readonly clock: Clock;
  readonly devices: DevicesHere;
  readonly heartbeatRounds: HeartbeatRounds;
  readonly iceServers: IceServersOf;
  readonly inbox: InboxService;
  readonly lease: Lease;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly missed: MissedCalls;
  readonly policy: CallPolicy;
  /** Absent: nobody is asked before a call. */
  readonly preCall?: PreCall;
  readonly quality: QualityService;
  readonly randomness: Randomness;
  readonly registrar: Registrar;
  readonly rtm: Rtm;
  readonly signals: Signals;
  readonly speech: Speech;
  readonly store: Store;
  readonly waiting: WaitingSwitch;
  readonly watched: WatchedUsers;
}
