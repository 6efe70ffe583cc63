import { RinglineClient } from '@ringline/client';
import type { ConnectionChange, Media, Message } from '@ringline/client';
import type { UserId } from '@ringline/protocol';
import { CallStage } from './call/call-stage.ts';
import { Phone } from './call/phone.ts';
import { reportSilence } from './call/ring-receipt.ts';
import { Directory } from './directory/directory.ts';
import { DirectoryView } from './directory/directory-view.ts';
import { errorText } from './error-text.ts';
import { Header } from './header.ts';
import { History } from './history/history.ts';
import { HistoryView } from './history/history-view.ts';
import { ConversationView } from './messages/conversation-view.ts';
import { Conversations } from './messages/conversations.ts';
import { Rest } from './rest.ts';
import type { TokenSource } from './rest.ts';
import { Ringtone } from './ringtone.ts';
import { SectionBar } from './sections.ts';
import type { Section } from './sections.ts';
import { text } from './text/text.ts';
import { h, setAttributes } from './ui/dom.ts';
import { Notice } from './ui/notice.ts';

/** What the page of a signed-in user is made of. */
export interface AppParts {
  readonly token: TokenSource;
  readonly deviceId: string;
  /** The name to show for oneself, where it is known. */
  readonly ownName?: string;
  signOut(): void;
}

/** The page of a signed-in user: it owns the client and lets models and views meet. */
export class App {
  readonly element = h('div', { class: 'app' });
  readonly #parts: AppParts;
  readonly #client: RinglineClient;
  readonly #ringtone = new Ringtone();
  readonly #notice = new Notice('error', 'notice');
  readonly #directory: Directory;
  readonly #history: History;
  readonly #conversations: Conversations;
  readonly #phone: Phone;
  readonly #header: Header;
  readonly #stage: CallStage;
  readonly #people: DirectoryView;
  readonly #calls: HistoryView;
  readonly #messages: ConversationView;
  readonly #bar: SectionBar;
  #section: Section = 'people';

  constructor(parts: AppParts) {
    this.#parts = parts;
    const { token, deviceId } = parts;
    const url = location.origin;
    const rest = new Rest(token);
    const update = () => this.#update();
    this.#client = new RinglineClient({ url, tokenProvider: token, deviceId });
    this.#directory = new Directory(rest, () => this.#client.user, update);
    this.#history = new History(rest, update);
    this.#conversations = new Conversations(this.#client, update);
    this.#phone = new Phone(this.#client, () => this.#stageChanged());
    this.#header = new Header({
      signOut: () => parts.signOut(),
      reconnect: () => void this.#connect(),
    });
    this.#stage = new CallStage(this.#phone, this.#ringtone, {
      nameOf: ({ user, name }) => name ?? this.#directory.nameOf(user),
      isServerAway: () => this.#client.connectionState !== 'connected',
    });
    this.#people = new DirectoryView({
      call: (user, media) => this.#call(user, media),
      write: (user) => void this.#write(user),
    });
    this.#calls = this.#makeHistoryView();
    this.#messages = this.#makeConversationView();
    this.#bar = new SectionBar((section) => this.#choose(section));
    this.#arrange();
    this.#listen();
  }

  /** Connects; rejects when the server turns this user away. */
  async start(): Promise<void> {
    await this.#client.connect();
    this.#directory.start();
    this.#update();
  }

  /** Ends calls and connection. */
  close(): void {
    this.#directory.stop();
    this.#conversations.close();
    this.#stage.close();
    this.#ringtone.close();
    this.#client.disconnect();
  }

  #makeHistoryView(): HistoryView {
    return new HistoryView({
      me: () => this.#me,
      nameOf: (user) => this.#directory.nameOf(user),
      call: (user, media) => this.#call(user, media),
      loadOlder: () => void this.#attempt(() => this.#history.loadOlder()),
    });
  }

  #makeConversationView(): ConversationView {
    return new ConversationView({
      me: () => this.#me,
      send: (peer, words) => this.#conversations.send(peer, words),
      loadOlder: (peer) => this.#conversations.loadOlder(peer),
    });
  }

  #arrange(): void {
    const { element } = this;
    const parts = [this.#stage, this.#people, this.#messages, this.#calls];
    const main = h('main', {}, ...parts.map((part) => part.element));
    element.append(this.#header.element, this.#notice.element, main, this.#bar.element);
  }

  #listen(): void {
    const client = this.#client;
    client.on('incoming', (call) => {
      reportSilence(call, this.#ringtone);
      void this.#directory.refresh();
    });
    client.on('connectionChanged', (change) => this.#connectionChanged(change));
    client.on('message', (message) => this.#receive(message));
  }

  get #me(): UserId {
    return this.#client.user ?? '';
  }

  #receive(message: Message): void {
    if (message.kind === 'record') this.#history.add(message.record);
    this.#conversations.receive(message);
  }

  #connectionChanged({ state, error }: ConnectionChange): void {
    if (error !== undefined) this.#notice.say(errorText(error, text));
    if (state === 'connected') {
      this.#notice.clear();
      void this.#attempt(() => this.#history.load());
      void this.#directory.refresh();
    }
    this.#stage.update();
    this.#update();
  }

  #call(user: UserId, media: Media): void {
    const name = this.#directory.nameOf(user);
    void this.#phone.place({ user, ...(name !== user && { name }) }, media);
  }

  async #write(user: UserId): Promise<void> {
    this.#choose('messages');
    try {
      await this.#conversations.choose(user);
    } catch (error) {
      this.#messages.explain(error);
    }
    this.#messages.focus();
  }

  #choose(section: Section): void {
    this.#section = section;
    this.#update();
  }

  #stageChanged(): void {
    this.#stage.update();
    this.#update();
  }

  #connect(): Promise<void> {
    return this.#attempt(() => this.#client.connect());
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#notice.say(errorText(error, text));
    }
  }

  #update(): void {
    const { user = '', connectionState } = this.#client;
    const { people, isLoaded } = this.#directory;
    const { open, unread } = this.#conversations;
    setAttributes(this.element, {
      'data-section': this.#section,
      'data-stage': this.#phone.stage.kind,
    });
    this.#header.update(this.#parts.ownName ?? user, connectionState);
    this.#people.update(
      people.map((person) => ({
        person,
        unread: this.#conversations.unreadOf(person.user),
        isChosen: person.user === open,
      })),
      isLoaded,
    );
    const { records, hasOlder } = this.#history;
    this.#calls.update(records, this.#history.isLoaded, hasOlder);
    this.#messages.update(open === undefined ? undefined : this.#shown(open));
    this.#bar.update(this.#section, unread);
  }

  #shown(peer: UserId): NonNullable<Parameters<ConversationView['update']>[0]> {
    return {
      peer,
      name: this.#directory.nameOf(peer),
      messages: this.#conversations.messagesWith(peer),
      isLoaded: this.#conversations.isLoaded(peer),
      hasOlder: this.#conversations.hasOlder(peer),
    };
  }
}
