import type { Constraint, DeviceInfo, MediaPort, Track, Wanted } from './media.ts';
import { mediaError } from './media-errors.ts';

/** The ids of the devices to open; the browser's default where there is none. */
export interface Ids {
  readonly microphone?: string | undefined;
  readonly camera?: string | undefined;
}

/** Which kinds to open. */
export interface Kinds {
  readonly audio: boolean;
  readonly video: boolean;
}

/** Opens exactly these devices; rejects with a typed error. */
export async function openExactly(media: MediaPort, kinds: Kinds, ids: Ids): Promise<Track[]> {
  const wanted: Wanted = {
    audio: kinds.audio && constraintOf(ids.microphone),
    video: kinds.video && constraintOf(ids.camera),
  };
  try {
    return (await media.getUserMedia(wanted)).getTracks();
  } catch (fault) {
    throw await mediaError(fault, wanted, media);
  }
}

/** Opens these devices where they are there, and the browser's default in the place of one that is gone. */
export async function openTracks(media: MediaPort, kinds: Kinds, ids: Ids): Promise<Track[]> {
  const infos = ids.microphone === undefined && ids.camera === undefined ? [] : await look(media);
  const present = (id: string | undefined) =>
    infos.some(({ deviceId }) => deviceId === id) ? id : undefined;
  return openExactly(media, kinds, {
    microphone: present(ids.microphone),
    camera: present(ids.camera),
  });
}

/** What the browser lists; nothing where it lists none. */
export async function look(media: MediaPort): Promise<readonly DeviceInfo[]> {
  return (await media.enumerateDevices?.().catch(() => [])) ?? [];
}

function constraintOf(id: string | undefined): boolean | Constraint {
  return id === undefined || { deviceId: { exact: id } };
}
