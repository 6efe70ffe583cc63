import type { Stage } from '../model/stage.ts';

/** Which appearance suits; a call goes through several. */
export type Appearance =
  | 'idle'
  | 'starting'
  | 'failed'
  | 'outgoing'
  | 'live'
  | 'announcing'
  | 'ended';

/** What a call area about this should look like; a call that rings here is shown elsewhere. */
export function appearanceOf(stage: Stage): Appearance {
  if (stage.kind !== 'call') return stage.kind;
  switch (stage.call.state) {
    case 'inviting':
    case 'ringing':
      return 'outgoing';
    case 'established':
      return 'live';
    case 'announcing':
      return 'announcing';
    case 'ended':
      return 'ended';
  }
}
