import type { DeviceInfo, Track } from './media.ts';

export type DeviceKind = 'microphone' | 'camera' | 'speaker';

/** A device by its name, as a track knows it. */
export interface DeviceName {
  readonly kind: DeviceKind;
  readonly id: string;
  readonly label: string;
}

/** A device that can be chosen. Until the user has allowed access, browsers tell neither id nor label: both are empty. */
export interface MediaDevice extends DeviceName {
  /** The system's default of its kind. */
  readonly isDefault: boolean;
}

const KINDS: Readonly<Record<string, DeviceKind>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};
/** What kind of device a track comes from. */
export function kindOf({ kind }: Track): 'microphone' | 'camera' {
  return kind === 'audio' ? 'microphone' : 'camera';
}

/** What the browser lists, in its order: the default of each kind is the first. */
export function listed(infos: readonly DeviceInfo[]): MediaDevice[] {
  return infos.flatMap((info) => {
    const kind = KINDS[info.kind];
    const { deviceId: id, label } = info;
    const isDefault = infos.find((first) => first.kind === info.kind) === info;
    return kind ? [{ kind, id, label, isDefault }] : [];
  });
}

/** The device that a track comes from, as the track itself says. */
export function nameOf(track: Track): DeviceName {
  return { kind: kindOf(track), id: idOf(track) ?? '', label: track.label ?? '' };
}

/** The id of the device that a track comes from, if the browser tells it. */
export function idOf(track: Track): string | undefined {
  return track.getSettings?.().deviceId;
}

/**
 * Which devices may follow one that is lost, the best first: the chosen one, the default (undefined),
 * those of the same group as the lost one, the others. None when there is none of its kind.
 */
export function successors(
  infos: readonly DeviceInfo[],
  lost: Track,
  chosen: string | undefined,
): (string | undefined)[] {
  const { deviceId, groupId } = lost.getSettings?.() ?? {};
  const others = infos.filter(
    (info) => KINDS[info.kind] === kindOf(lost) && info.deviceId !== deviceId,
  );
  if (others.length === 0) return [];
  const near = others.filter((info) => info.groupId === groupId);
  const ids = [...near, ...others].map((info) => info.deviceId).filter((id) => id !== '');
  return [...new Set([...ids.filter((id) => id === chosen), undefined, ...ids])];
}
