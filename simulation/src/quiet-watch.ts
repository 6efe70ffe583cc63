import type { Call } from '@ringline/client';
import type { FakeTrack } from '@ringline/testkit';
import { FakeStream } from '@ringline/testkit';
import type { Consents } from './consents.ts';
import type { SimulatedDevice } from './device.ts';

/** Looks for what is sent or played in a held call, and for cameras that nobody agreed to. */
export class QuietWatch {
  readonly #found = new Set<string>();
  readonly #consents: Consents;
  readonly #isUnderWay: (call: Call, act: 'hold' | 'resume' | 'swap') => boolean;
  /** How often a held call was looked at. */
  looks = 0;

  constructor(
    consents: Consents,
    isUnderWay: (call: Call, act: 'hold' | 'resume' | 'swap') => boolean,
  ) {
    this.#consents = consents;
    this.#isUnderWay = isUnderWay;
  }

  get flaws(): readonly string[] {
    return [...this.#found];
  }

  /** Checks all devices at this moment. */
  look(devices: readonly SimulatedDevice[]): void {
    for (const device of devices) {
      if (hasCameraOn(device) && !this.#consents.allows(device)) {
        this.#found.add(`the camera of ${device.name} is on, and its user did not agree`);
      }
      for (const call of device.client?.calls ?? []) this.lookAt(device, call);
    }
  }

  /** Checks one call at this moment. */
  lookAt(device: SimulatedDevice, call: Call): void {
    if (call.state !== 'established' || !this.#mustBeQuiet(device, call)) return;
    // The end of this one may be on its way, while its user talks to the same peer anew.
    const withPeer = device.client?.calls.filter(({ peer }) => peer.user === call.peer.user) ?? [];
    if (withPeer.length > 1) return;
    this.looks++;
    for (const { kind } of sentBy(device, call).filter(({ enabled }) => enabled))
      this.#found.add(`${device.name} sends ${kind} in ${call.id}, which is held`);
    for (const { kind } of playedOn(device, call).filter(({ enabled }) => enabled))
      this.#found.add(`${device.name} plays ${kind} in ${call.id}, which is held`);
  }

  /** From the first moment of a hold, whatever the server makes of it; a user who resumes is meant to be heard, if the server can hear of it. */
  #mustBeQuiet({ client }: SimulatedDevice, call: Call): boolean {
    if (call.remoteHold || this.#isUnderWay(call, 'hold')) return true;
    const isBack = this.#isUnderWay(call, 'resume') || this.#isUnderWay(call, 'swap');
    return call.localHold && !(isBack && client?.connectionState === 'connected');
  }
}

/** What is not heard or seen although nobody holds a call that has come to rest. */
export function flawsOfSilence(devices: readonly SimulatedDevice[]): readonly string[] {
  return devices.flatMap((device) =>
    (device.client?.calls ?? []).filter(isOpenToAll).flatMap((call) => [
      ...sentBy(device, call)
        .filter(({ kind, enabled }) => !enabled && !(kind === 'audio' && call.muted))
        .map(({ kind }) => `${device.name} sends no ${kind} in ${call.id}, and nobody holds`),
      ...playedOn(device, call)
        .filter(({ enabled }) => !enabled)
        .map(({ kind }) => `${device.name} plays no ${kind} in ${call.id}, and nobody holds`),
      ...(isSentAPicture(device, call, devices) && !playedOn(device, call).some(isPicture)
        ? [`${device.name} shows no picture in ${call.id}, and there is one`]
        : []),
    ]),
  );
}

/** The page of the other side may have been refused its camera, after a reload. */
function isSentAPicture(
  device: SimulatedDevice,
  { id, media }: Call,
  devices: readonly SimulatedDevice[],
): boolean {
  const other = devices.find((each) => each !== device && each.client?.getCall(id) !== undefined);
  const call = other?.client?.getCall(id);
  const isTalking = call?.state === 'established';
  return media === 'video' && isTalking && !!other && sentBy(other, call).some(isPicture);
}

function isOpenToAll({ connection, localHold, remoteHold, resuming }: Call): boolean {
  return connection === 'connected' && !localHold && !remoteHold && !resuming;
}

function isPicture({ kind }: FakeTrack): boolean {
  return kind === 'video';
}

function hasCameraOn({ mediaDevice }: SimulatedDevice): boolean {
  return mediaDevice.tracks.some(isPicture);
}

/** A user is in no two calls with the same peer: whose connection it is tells which call it belongs to. */
function connectionsOf({ mediaDevice }: SimulatedDevice, { peer }: Call) {
  return mediaDevice.connections.filter(({ remoteFingerprint }) =>
    remoteFingerprint?.startsWith(peer.user),
  );
}

function sentBy(device: SimulatedDevice, call: Call): readonly FakeTrack[] {
  return connectionsOf(device, call)
    .flatMap((connection) => connection.getTransceivers())
    .flatMap(({ sender }) => sender.track ?? []);
}

/** A page attaches no elements here: the SDK's own players sound. */
function playedOn(device: SimulatedDevice, call: Call): readonly FakeTrack[] {
  const received = connectionsOf(device, call)
    .flatMap((connection) => connection.getTransceivers())
    .map(({ receiver }) => receiver.track);
  return device.mediaDevice.players
    .flatMap(({ srcObject }) => (srcObject instanceof FakeStream ? srcObject.getTracks() : []))
    .filter((track) => track.readyState === 'live' && received.includes(track));
}
