import type { Prompt } from '@ringline/protocol';
import { offerSound } from '@ringline/testkit';
import type { FakePeerConnection } from '@ringline/testkit';
import type { World } from './world.ts';

/** The server's voice as far as media goes: it offers, and takes the answer of alice's device. */
export class FarVoice {
  readonly number: number;
  readonly connection: FakePeerConnection;
  readonly #world: World;

  constructor(world: World, number = 1) {
    this.#world = world;
    this.number = number;
    this.connection = world.media.device('voice').createPeerConnection();
  }

  /** Offers a prompt, with all its candidates. */
  async offer(prompt: Prompt): Promise<void> {
    const { connection, number: voice } = this;
    const opened = this.#world.media.device('voice').getUserMedia({ audio: true });
    const [track] = (await this.#world.done(opened)).getTracks();
    const sdp = await offerSound(connection, track ?? null, () => this.#world.pass());
    this.#world.server.say({ type: 'voice-offered', voice, prompt, sdp });
    await this.#world.pass();
  }

  /** Takes what the device has answered; sound flows from then on. */
  async take(): Promise<void> {
    const { sdp } = this.#world.server.last('answer-voice');
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
    await this.#world.pass(500);
  }
}
