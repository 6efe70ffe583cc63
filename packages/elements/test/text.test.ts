import { expect, test } from 'vitest';
import { textsIn } from '../src/text/text.ts';

// WCAG 2.5.3, Label in Name: who speaks to the machine says what is written under the button.
test.each(['en', 'zh-CN'] as const)(
  'in %s, the name of a button contains the word under it',
  (language) => {
    const { call } = textsIn(language);
    const words: readonly (readonly [string, ...string[]])[] = [
      [call.muteShort, call.mute],
      [call.unmuteShort, call.unmute],
      [call.cameraShort, call.cameraOn, call.cameraOff],
      [call.devicesShort, call.devices],
      [call.minimiseShort, call.minimise],
      [call.fullScreenShort, call.fullScreen, call.leaveFullScreen],
      [call.endShort, call.end, call.endAndResume('Bob')],
      [call.cancel, call.cancelAndResume('Bob')],
      [call.swapShort, call.swap('Bob')],
      [call.resumeShort, call.resume, call.resumeOther('Bob')],
      [call.endOtherShort, call.endOther('Bob')],
    ];
    for (const [short, ...names] of words) {
      for (const name of names) expect(name.toLowerCase()).toContain(short.toLowerCase());
    }
  },
);
