import type { Attribute, ServerMessage } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { StoreFault } from '../../src/store/store.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { TestCluster } from './test-cluster.ts';
import type { TestDevice } from './test-device.ts';

/** In the hello of a page that speaks RTM. */
export const rtm = { invitations: [] };

/** In the hello of a page that comes back by itself, with the key that it was given before. */
export function backAs({ resumeKey }: TestDevice): {
  rtm: typeof rtm;
  resumeKey: string | undefined;
} {
  return { rtm, resumeKey };
}

type Request = Parameters<TestDevice['ask']>[0];

/** How a request is answered: its type, or the code of its refusal. */
export async function ask(
  cluster: TestCluster,
  device: TestDevice,
  request: Request,
): Promise<string | undefined> {
  const answer = await answerTo(cluster, device, request);
  return answer?.type === 'refused' ? answer.code : answer?.type;
}

/** What answers a request. */
export async function answerTo(
  cluster: TestCluster,
  device: TestDevice,
  request: Request,
): Promise<ReturnType<TestDevice['answerTo']>> {
  const seq = device.ask(request);
  await cluster.settle();
  return device.answerTo(seq);
}

/**
 * From now on nobody finds a login that is over, and the node that watches for an end fails so often for
 * each; what is given back lets them be found again.
 */
export function endNoLogins({ store }: TestCluster, times = 1): () => void {
  const [claim, commit] = [store.claimDueLogins.bind(store), store.commit.bind(store)];
  const failed: string[] = [];
  store.claimDueLogins = async () => [];
  store.commit = (step) => {
    const { type, by } = step.cause;
    const login = JSON.stringify(by);
    const isEnd = type === 'rtm-end-login' || type === 'rtm-lose-caller';
    if (!isEnd || failed.filter((each) => each === login).length === times) return commit(step);
    failed.push(login);
    return Promise.reject(new StoreFault('the disk is full', undefined));
  };
  return () => void Object.assign(store, { claimDueLogins: claim, commit });
}

/** A cluster whose store takes a while, so that what is asked at once meets there. */
export function slowCluster(): TestCluster {
  const clock = new VirtualClock();
  const settle = () => new Promise<void>((resolve) => void clock.after(1, resolve));
  return new TestCluster({ clock, store: new MemoryStore(settle) });
}

/** What a device heard of one type. */
export function heardOf<Type extends ServerMessage['type']>(
  device: TestDevice,
  type: Type,
): readonly Extract<ServerMessage, { type: Type }>[] {
  const isOf = (message: ServerMessage): message is Extract<ServerMessage, { type: Type }> =>
    message.type === type;
  return device.heard.filter(isOf);
}

/** Keys and values. */
export function pairs(attributes: readonly Attribute[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
}
