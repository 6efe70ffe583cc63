import { NEWS_MS } from './device-news.ts';
import type { Phone } from './phone.ts';
import type { Clock, Timer } from './ringing-ports.ts';
import type { Stage } from './stage.ts';

/** From now on, what became of a call is taken away from beside the one that is on when there was time to read it. */
export function fadeAsideNews(
  phone: Pick<Phone, 'aside' | 'dismiss' | 'watch'>,
  clock: Clock,
): void {
  let told: Stage | undefined;
  let fading: Timer | undefined;
  phone.watch(() => {
    const news = endedIn(phone.aside);
    if (news === told) return;
    told = news;
    fading?.cancel();
    if (news !== undefined) fading = clock.after(NEWS_MS, () => phone.dismiss(news));
  });
}

/** Why a call did not begin takes longer to read: it stays until it is put away. */
function endedIn(stage: Stage): Stage | undefined {
  return stage.kind === 'call' && stage.call.state === 'ended' ? stage : undefined;
}
