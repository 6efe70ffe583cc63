import type { MediaPort, Stream } from '../media/media.ts';
import type { Speaker } from '../media/speaker.ts';

/** Lets a stream sound by itself, beside the calls; returns how to stop it. */
export function soundOn(
  { media, speaker }: { readonly media: MediaPort; readonly speaker: Speaker },
  stream: Stream,
): () => void {
  const player = media.createPlayer?.();
  if (!player) return () => {};
  player.srcObject = stream;
  speaker.add(player);
  // Without leave to play it is left out: nobody waits for a tone.
  player.play?.()?.catch(() => {});
  return () => {
    player.srcObject = null;
    speaker.remove(player);
  };
}
