import type {
  CallView,
  EndReason,
  EstablishedCallView,
  LegEndReason,
  Receipt,
  SignalReceived,
  Silence,
  Who,
} from '@ringline/protocol';
import type { AcceptOptions, Call, CallConnection, ReplyOptions, ResumeOptions } from '../call.ts';
import { defined } from '../defined.ts';
import { wrongState } from '../errors.ts';
import type { Lease } from '../media/devices.ts';
import type { Elements } from '../media/elements.ts';
import { accept } from './acceptance.ts';
import type { MediaParts } from './call-media.ts';
import { CallMedia } from './call-media.ts';
import type { Snapshot } from './changes.ts';
import { changesBetween, snapshotOf } from './changes.ts';
import { CallQuality } from '../quality/call-quality.ts';
import type { Quality } from '../quality/call-quality.ts';
import { QualityReport } from '../quality/quality-report.ts';
import type { VideoLimit } from '../quality/video-limit.ts';
import { ConnectedReport } from './connected-report.ts';
import { Declaration } from './declaration.ts';
import { Holding } from './holding.ts';
import { LeavableCall } from './leavable-call.ts';
import { Picture } from './picture.ts';
import type { CallContext } from './call-context.ts';
import { Expiry } from './expiry.ts';
import { Ringing } from './ringing.ts';
import { isAway, isOver, isWaiting, overError, requireDirection } from './state-rules.ts';

/** A call that follows the server's views and says what its user does. */
export class LiveCall extends LeavableCall implements Call {
  readonly restored: boolean;
  readonly #media: CallMedia | undefined;
  readonly #ringing: Ringing;
  readonly #expiry: Expiry;
  readonly #connected: ConnectedReport;
  /** Undefined on a client that signals only. */
  readonly #declaration: Declaration | undefined;
  readonly #holding: Holding;
  readonly #picture: Picture;
  readonly #quality: CallQuality;
  readonly #qualityReport: QualityReport;
  #told: Snapshot;
  #accepting: Promise<void> | undefined;
  #isAccepted = false;

  constructor(view: CallView, context: CallContext, isRestored: boolean) {
    super(view, context);
    this.restored = isRestored;
    this.#media = context.media === null ? undefined : this.#makeMedia(context.media);
    this.#ringing = new Ringing(this, context.requests);
    this.#expiry = new Expiry(context.clock, (reason) => this.#expire(reason));
    this.#connected = new ConnectedReport(this, context.requests);
    this.#holding = new Holding({ ...context, call: this, changed: () => this.#quiet() });
    this.#picture = this.#makePicture();
    this.#declaration = this.#media && this.#makeDeclaration(this.#media);
    this.#quality = this.#makeQuality();
    const summary = () => this.#quality.summary;
    this.#qualityReport = new QualityReport({ ...context, call: view.id, summary });
    this.#follow(view);
    this.#told = snapshotOf(this);
  }

  get connection(): CallConnection {
    const view = this.view;
    if (view.state !== 'established' || isOver(this)) return 'none';
    if (view.connectedMs === undefined) return 'connecting';
    const flows = this.#media === undefined || this.#media.flow === 'flowing';
    return flows && view.peerGraceMs === undefined ? 'connected' : 'reconnecting';
  }

  get muted(): boolean {
    return this.#media?.own.isMuted ?? false;
  }

  get cameraOn(): boolean {
    return this.media === 'video' && (this.#media?.own.isCameraOn ?? false);
  }

  get needsGesture(): boolean {
    return this.#media?.playback.isBlocked ?? false;
  }

  get videoRequestedBy(): Who | undefined {
    const by = this.established?.videoRequest?.by;
    // A device without pictures answers by itself.
    return by === 'peer' && !this.context.hasPictures ? undefined : by;
  }

  get quality(): Quality | undefined {
    return this.#quality.now;
  }

  get videoLimit(): VideoLimit {
    return this.#quality.videoLimit;
  }

  /** The app was told of it: it rings, unless the app has said by itself how. */
  announced(): void {
    if (!this.#ringing.isReported) void this.reportRinging('alerting');
  }

  accept(options: AcceptOptions = {}): Promise<void> {
    if (this.direction === 'incoming' && this.state === 'established') return Promise.resolve();
    const parts = { ...this.context, call: this, own: this.#media?.own };
    this.#isAccepted = true;
    this.#accepting ??= accept(parts, options).finally(() => (this.#accepting = undefined));
    return this.#accepting;
  }

  mute(on = true): void {
    this.#media?.own.mute(on);
  }

  async camera(on = true): Promise<void> {
    if (this.media !== 'video') throw wrongState('This call has no video.');
    if (isOver(this)) throw overError(this);
    await this.#media?.own.camera(on);
  }

  hold(): Promise<void> {
    return this.#holding.hold();
  }

  resume(options: ResumeOptions = {}): Promise<void> {
    return this.#holding.resume(options);
  }

  swap(): Promise<void> {
    return this.#holding.swap();
  }

  /** Whether its user wants it: has asked to answer it, or is in it. */
  get isAnswered(): boolean {
    return this.#isAccepted || !isWaiting(this);
  }

  /** Whether its user talks in it, or is about to. */
  get isLive(): boolean {
    return this.state === 'established' && this.#holding.isLive;
  }

  /** Sends nothing while another call is asked for in the place of this one. */
  giveWay<T>(work: () => Promise<T>, needless?: Promise<unknown>): Promise<T> {
    return this.#holding.giveWay(work, needless);
  }

  addVideo(): Promise<void> {
    return this.#picture.add();
  }

  replyVideo(accept: boolean, options: ReplyOptions = {}): Promise<void> {
    return this.#picture.reply(accept, options);
  }

  removeVideo(): Promise<void> {
    return this.#picture.remove();
  }

  attach(elements: Elements): void {
    this.#media?.attach(elements);
  }

  async play(): Promise<void> {
    await this.#media?.playback.play();
  }

  async reportRinging(receipt: Receipt, silence?: Silence): Promise<void> {
    requireDirection(this, 'incoming', 'ring');
    await this.#ringing.report(receipt, silence);
  }

  /** The server's newest view; older and repeated ones change nothing. */
  receive(view: CallView): void {
    if (view.version <= this.view.version) return;
    const before = this.view;
    this.view = view;
    this.#holding.settled();
    if (this.localEnd === undefined) this.#follow(view);
    else if (view.state === 'established') this.overruled();
    if (isAway(before) && !isAway(view)) this.#media?.channels.resend();
    this.publish();
    if (view.state === 'ended') this.over();
  }

  /** A signal of another device of the call. */
  receiveSignal(signal: SignalReceived): void {
    if (!isOver(this)) this.#media?.receive(signal);
  }

  /** The connection is back: the other device and the server may have missed what was said last. */
  resumed(): void {
    this.#media?.channels.resend();
    void this.#ringing.repeat();
  }

  /** There is a connection to the server, or none any more. */
  connectionChanged(): void {
    this.#quiet();
  }

  /** The server has told what it has of this call. */
  settled(): void {
    this.#holding.settled();
  }

  /** This device's network has changed. */
  networkChanged(): void {
    this.#media?.channels.restart();
  }

  /** Devices that were opened before the call was known. */
  take(lease: Lease): void {
    if (this.#media === undefined) lease.release();
    else this.#media.own.take(lease);
  }

  #makeMedia(parts: MediaParts): CallMedia {
    const { id, muted, cameraOff } = this.view as Partial<EstablishedCallView> & CallView;
    // A page that kept nothing is told by the server how its user had left it.
    const before = { ...defined({ muted, cameraOff }), ...this.context.traces.of(id) };
    return new CallMedia(id, parts, before, {
      flowChanged: () => this.publish(),
      flowed: (epoch) => this.#reportFlow(epoch),
      signal: ({ device: to, epoch }, signal) =>
        this.context.requests.tell({ type: 'signal', call: this.id, to, epoch, signal }),
      problem: (error) => void this.emit('problem', error),
      switched: () => this.#switched(),
      gestureChanged: () => this.#gestureChanged(),
      isVideo: () => this.#picture.isOn,
      isAgreed: () => this.#picture.isAgreed,
      cameraFailed: () => this.#picture.failed(),
    });
  }

  #makeDeclaration({ own }: CallMedia): Declaration {
    return new Declaration({
      ...this.context,
      call: this.id,
      view: () => this.established,
      sends: () => ({
        microphone: !own.isMuted && own.hasMicrophone,
        camera: !this.#picture.isDue || own.isCameraOn,
      }),
    });
  }

  #makePicture(): Picture {
    return new Picture({
      ...this.context,
      call: this,
      own: this.#media?.own,
      changed: () => {
        this.#media?.look();
        this.publish();
      },
    });
  }

  #makeQuality(): CallQuality {
    return new CallQuality(this.context.clock, () => this.#media?.connection, {
      changed: () => void this.emit('quality', this),
      limited: () => void this.emit('videoLimited', this),
      measured: () => this.#qualityReport.measured(),
    });
  }

  /** Muted or not, camera on or off, by the user or because a device was lost. */
  #switched(): void {
    if (!isOver(this)) {
      this.context.traces.note(this.id, {
        muted: this.muted,
        cameraOff: !this.#media?.own.isCameraOn,
      });
    }
    this.#declaration?.look();
    this.publish();
  }

  #gestureChanged(): void {
    if (this.needsGesture) this.emit('needsGesture', this);
    this.publish();
  }

  protected stop(): void {
    this.#expiry.stop();
    this.#media?.stop();
    this.context.tones?.hold(this.id, false);
  }

  #follow(view: CallView): void {
    this.#expiry.stop();
    switch (view.state) {
      case 'inviting':
      case 'ringing':
        this.#media?.ring(view);
        return this.#expiry.follow(view);
      case 'established':
        return this.#followEstablished(view);
      case 'ended':
        this.stop();
        return this.announce(view);
    }
  }

  #expire(reason: EndReason | LegEndReason): void {
    // An accept on its way was made in time: the server has the word, as long as it can be heard.
    if (this.#accepting === undefined) this.endHere(reason);
    else this.#accepting.catch(() => isWaiting(this) && this.endHere(reason));
  }

  #quiet(): void {
    this.#media?.quiet(this.#holding.isQuiet);
    if (this.isLive) this.context.tones?.hush();
    this.context.tones?.hold(this.id, this.remoteHold && !this.localHold);
  }

  #reportFlow(epoch: number): void {
    this.#connected.report(epoch, this.established?.resuming?.resume);
  }

  #followEstablished(view: EstablishedCallView): void {
    this.#quiet();
    this.#media?.follow(view);
    if (view.videoRequest?.by === 'peer') this.#picture.requested();
    this.#declaration?.viewed();
    if (this.#media === undefined && this.context.signallingOnly) {
      this.#reportFlow(view.epoch);
    }
  }

  /** Tells what has changed; a listener that changes more tells that itself, and this stops. */
  protected publish(): void {
    const now = snapshotOf(this);
    const changes = changesBetween(this.#told, now);
    this.#told = now;
    this.#quality.measure(now.connection === 'connected');
    if (now.state === 'ended') this.#qualityReport.end();
    for (const name of changes) {
      if (this.#told === now) this.emit(name, this);
    }
    if (this.#told === now) this.emit('stateChanged', this);
  }
}
