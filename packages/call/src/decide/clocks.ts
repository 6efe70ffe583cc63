import type { Established } from '../call.ts';
import { goingOn } from '../countdown.ts';

/** What stood still while a device was lost runs on once both are there; that of a resume only once media have connected. */
export function withClocks(call: Established, now: number): Established {
  const { sides, connectedAt, connectTimer, resuming } = call;
  if (sides.caller.loss || sides.callee.loss) return call;
  return {
    ...call,
    connectTimer: goingOn(connectTimer, now),
    resuming: resuming && {
      ...resuming,
      timer: connectedAt === null ? resuming.timer : goingOn(resuming.timer, now),
    },
  };
}
