import type { End } from './end.ts';

/** The states of the DOM's WebSocket, by its numbers. */
const READY_STATE = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;

interface Heard {
  readonly open: Event;
  readonly message: MessageEvent<string>;
  readonly close: CloseEvent;
  readonly error: Event;
}

/** The device's end of a wire, as the DOM's WebSocket: handlers, listeners, ready states and close events. */
export class WireWebSocket extends EventTarget {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent<string>) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly url: string;
  readonly #end: End;

  constructor(end: End, url: string) {
    super();
    this.#end = end;
    this.url = url;
  }

  override addEventListener<Name extends keyof Heard>(
    name: Name,
    listener: (event: Heard[Name]) => void,
    options?: AddEventListenerOptions | boolean,
  ): void {
    super.addEventListener(name, listener as (event: Event) => void, options);
  }

  override removeEventListener<Name extends keyof Heard>(
    name: Name,
    listener: (event: Heard[Name]) => void,
  ): void {
    super.removeEventListener(name, listener as (event: Event) => void);
  }

  get readyState(): number {
    return READY_STATE[this.#end.state];
  }

  get bufferedAmount(): number {
    return this.#end.waitingBytes;
  }

  send(text: string): void {
    if (this.readyState === 0) throw new DOMException('still connecting', 'InvalidStateError');
    this.#end.send(text);
  }

  close(code = 1000, reason = ''): void {
    this.#end.close(code, reason);
  }

  /** Called by the wire. */
  tellOpen(): void {
    this.#tell(new Event('open'), this.onopen);
  }

  /** Called by the wire. */
  tellText(text: string): void {
    // The DOM's WebSocket delivers nothing once it was closed by its page.
    if (this.readyState !== 1) return;
    this.#tell(new MessageEvent('message', { data: text }), this.onmessage);
  }

  /** Called by the wire. */
  tellClosed(code: number, reason: string): void {
    const wasClean = code !== 1006;
    if (!wasClean) this.#tell(new Event('error'), this.onerror);
    this.#tell(new CloseEvent('close', { code, reason, wasClean }), this.onclose);
  }

  #tell<Told extends Event>(event: Told, handler: ((event: Told) => void) | null): void {
    handler?.(event);
    this.dispatchEvent(event);
  }
}
