import { expect, test } from 'vitest';
import { Changing } from '../src/model/changing.ts';
import { Names } from '../src/model/names.ts';
import { Notifier } from '../src/model/notifier.ts';
import type { Notice } from '../src/model/notifier.ts';
import { Phone } from '../src/model/phone.ts';
import { TestCall, TestClient } from './support.ts';

class TestPagePort extends Changing {
  isHidden = true;
  focused = 0;

  focus(): void {
    this.focused++;
  }

  hide(isHidden: boolean): void {
    this.isHidden = isHidden;
    this.changed();
  }
}

function scene(permission: 'granted' | 'default' = 'granted') {
  const client = new TestClient();
  const names = new Names();
  const phone = new Phone(client.port, names);
  const page = new TestPagePort();
  const shown = new Set<Notice>();
  const desktop = {
    permission,
    ask: () => Promise.resolve(),
    show: (notice: Notice) => {
      shown.add(notice);
      return { close: () => void shown.delete(notice) };
    },
  };
  const describe = () => 'Incoming call';
  const notifier = new Notifier({ phone, names, desktop, page, describe });
  return { client, phone, page, shown, notifier };
}

test('a hidden page shows a call on the desktop until its outcome is known', () => {
  const { client, shown, page } = scene();
  const call = new TestCall();
  client.rings(call);
  const [notice] = shown;
  expect(notice).toMatchObject({ title: 'Alice', body: 'Incoming call', tag: 'ringline/one' });
  notice?.clicked();
  expect(page.focused).toBe(1);
  call.becomes('ended', 'answered-elsewhere');
  expect(shown.size).toBe(0);
});

test('a page that is seen shows nothing beside itself', () => {
  const { client, shown, page } = scene();
  page.hide(false);
  client.rings(new TestCall());
  expect(shown.size).toBe(0);
  page.hide(true);
  expect(shown.size).toBe(1);
  page.hide(false);
  expect(shown.size).toBe(0);
});

test('without leave nothing is shown, and the user can be asked', () => {
  const { client, shown, notifier } = scene('default');
  client.rings(new TestCall());
  expect(shown.size).toBe(0);
  expect(notifier.canAsk).toBe(true);
});
