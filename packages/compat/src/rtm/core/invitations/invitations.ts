import type { Notes, UserId } from '@ringline/client';
import type { InvitationId, InvitationVersion, InvitationView } from '@ringline/protocol';
import { MAX_NAMED_INVITATIONS } from '@ringline/protocol';
import { flawOfUid } from '../checks.ts';
import { REMEMBERED_INVITATIONS } from '../timing.ts';
import { Accepted } from './accepted.ts';
import type { Loss } from './invitation.ts';
import { isFinal } from './invitation.ts';
import { LocalInvitation } from './local-invitation.ts';
import type { InvitationParts } from './parts.ts';
import { callError } from './parts.ts';
import { RemoteInvitation } from './remote-invitation.ts';

/** What an app sees of an invitation, in its dialect. */
export interface Faces<Local extends object, Remote extends object> {
  local(invitation: LocalInvitation): Local;
  remote(invitation: RemoteInvitation): Remote;
}

/** Invitations that are open, of both sides. */
export interface PendingInvitations<Local, Remote> {
  readonly local: readonly Local[];
  readonly remote: readonly Remote[];
}

/** Invitations that were accepted and have not become a call that is over, of both sides. */
export type AcceptedInvitations<Local, Remote> = PendingInvitations<Local, Remote>;

/** What the table is made of. */
export interface InvitationsParts<Local extends object, Remote extends object> extends Omit<
  InvitationParts,
  'accepted' | 'done'
> {
  readonly faces: Faces<Local, Remote>;
  freshId(): InvitationId;
  /** Somebody invites this user. */
  received(face: Remote, invitation: RemoteInvitation): void;
  /** The app is handed one that an earlier page has sent. */
  found(face: Local, invitation: LocalInvitation): void;
}

/** Every invitation of this page that is not over both here and at the server. */
export class Invitations<Local extends object, Remote extends object> {
  readonly #parts: InvitationsParts<Local, Remote> & InvitationParts;
  readonly #open = new Map<InvitationId, LocalInvitation | RemoteInvitation>();
  readonly #faces = new WeakMap<LocalInvitation | RemoteInvitation, Local | Remote>();
  readonly #behind = new WeakMap<Local | Remote, LocalInvitation | RemoteInvitation>();
  #over: readonly InvitationId[] = [];
  /** Those that were accepted: their callers may still hang up, and both may raise them to a call. */
  readonly #accepted = new Map<InvitationId, LocalInvitation | RemoteInvitation>();
  /** Which of them may still become a call, also those of which only an earlier page knows. */
  #raisable = new Accepted(null);

  constructor(parts: InvitationsParts<Local, Remote>) {
    this.#parts = {
      ...parts,
      accepted: ({ id }) => this.#raisable.add(id),
      done: (id) => this.done(id),
    };
  }

  /** A login begins: an earlier page has noted there what was accepted. */
  recall(notes: Notes | null): void {
    this.#raisable = new Accepted(notes);
  }

  /** It becomes no call any more. */
  done(id: InvitationId): void {
    this.#raisable.remove(id);
  }

  /** One that is not sent yet; `listen` is given what the app gets and what stands behind it. */
  create(calleeId: UserId, listen?: (face: Local, invitation: LocalInvitation) => void): Local {
    const flaw = flawOfUid(calleeId);
    if (flaw !== undefined) {
      throw callError(this.#parts.dialect, 'INVALID_ARGUMENT', `calleeId ${flaw}.`);
    }
    const invitation = new LocalInvitation(this.#parts.freshId(), calleeId, this.#parts);
    invitation.begun = () => this.#hold(invitation);
    const face = this.#localFace(invitation);
    listen?.(face, invitation);
    return face;
  }

  /** What hello and heartbeats name: what was accepted on an earlier page, and the newest that are held. */
  named(): InvitationVersion[] {
    const recalled = this.#raisable.ids.filter(
      (id) => !this.#open.has(id) && !this.#accepted.has(id),
    );
    const held = [...recalled.map((id) => ({ id, version: 0 })), ...this.#open.values()];
    return held.slice(-MAX_NAMED_INVITATIONS).map(({ id, version }) => ({ id, version }));
  }

  receive(view: InvitationView): void {
    const known = this.#open.get(view.id);
    if (known !== undefined) known.follow(view);
    else if (!isFinal(view) && !this.#over.includes(view.id)) this.#begin(view);
    else if (this.#raisable.has(view.id)) this.#restore(view);
    if (isFinal(view)) this.#drop(view.id, view.state === 'accepted');
  }

  /** The server does not keep them; one whose first word is still on its way it does not know yet. */
  gone(ids: readonly InvitationId[]): void {
    for (const id of ids) {
      const invitation = this.#open.get(id);
      if (invitation === undefined && !this.#accepted.has(id)) this.done(id);
      if (invitation === undefined) continue;
      if (isUnheard(invitation)) continue;
      invitation.lose('forgotten');
      this.#drop(id);
    }
  }

  /** The open ones, handed to the app: from now on it is told what becomes of those of an earlier page. */
  pending(): PendingInvitations<Local, Remote> {
    const open = [...this.#open.values()].filter(({ isOver }) => !isOver);
    for (const invitation of open) {
      if (!(invitation instanceof LocalInvitation) || !invitation.hand()) continue;
      this.#parts.found(this.#localFace(invitation), invitation);
    }
    return this.#facesOf(open);
  }

  /** Those that were accepted, on this page or an earlier one, and may still become a call. */
  accepted(): AcceptedInvitations<Local, Remote> {
    return this.#facesOf(this.#raisable.ids.flatMap((id) => this.#accepted.get(id) ?? []));
  }

  /** The connection is over: nobody follows them on this page any more. */
  lose(why: Loss): void {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const invitation of open) invitation.lose(why);
    if (why === 'logged-out') this.#raisable.clear();
  }

  /** The connection is gone, and is sought anew. */
  away(): void {
    for (const invitation of this.#open.values()) invitation.away();
  }

  /** There is a connection again. */
  back(): void {
    for (const invitation of this.#open.values()) invitation.back();
  }

  hungUp(id: InvitationId, by: UserId): void {
    const invitation = this.#accepted.get(id);
    if (invitation instanceof RemoteInvitation && invitation.callerId === by) invitation.hungUp();
  }

  /** Whether this user has accepted that invitation of that caller, as far as this page knows. */
  isAccepted(id: InvitationId, callerId: UserId): boolean {
    const invitation = this.#open.get(id) ?? this.#accepted.get(id);
    if (!(invitation instanceof RemoteInvitation)) return false;
    return invitation.callerId === callerId && invitation.isAccepted;
  }

  /** What stands behind what an app has. */
  behind(face: Local | Remote): LocalInvitation | RemoteInvitation | undefined {
    return this.#behind.get(face);
  }

  /** The same of one that this side has made; throws INVALID_ARGUMENT for anything else. */
  localBehind(face: Local): LocalInvitation {
    const invitation = this.behind(face);
    if (invitation instanceof LocalInvitation) return invitation;
    throw callError(this.#parts.dialect, 'INVALID_ARGUMENT', NOT_OURS);
  }

  /** And of one that has come. */
  remoteBehind(face: Remote): RemoteInvitation {
    const invitation = this.behind(face);
    if (invitation instanceof RemoteInvitation) return invitation;
    throw callError(this.#parts.dialect, 'INVALID_ARGUMENT', NOT_OURS);
  }

  #begin(view: InvitationView): void {
    if (view.side === 'caller') {
      const found = LocalInvitation.found(view, this.#parts);
      this.#hold(found);
      found.follow(view);
    } else if (view.state !== 'accepting' && view.remainingMs > 0) {
      this.#ring(new RemoteInvitation(view, this.#parts), view);
    }
  }

  #ring(invitation: RemoteInvitation, view: InvitationView): void {
    this.#hold(invitation);
    invitation.follow(view);
    // Said first and heard later: the callee's app knows before the caller's.
    invitation.report();
    this.#parts.received(this.#remoteFace(invitation), invitation);
  }

  #hold(invitation: LocalInvitation | RemoteInvitation): void {
    this.#open.set(invitation.id, invitation);
  }

  #drop(id: InvitationId, isAccepted = false): void {
    const invitation = this.#open.get(id);
    this.#open.delete(id);
    this.#over = [...this.#over.filter((each) => each !== id), id].slice(-REMEMBERED_INVITATIONS);
    if (invitation !== undefined && isAccepted && wasAccepted(invitation)) this.#keep(invitation);
  }

  #keep(invitation: LocalInvitation | RemoteInvitation): void {
    this.#accepted.set(invitation.id, invitation);
    for (const oldest of this.#accepted.keys()) {
      if (this.#accepted.size > REMEMBERED_INVITATIONS) this.#accepted.delete(oldest);
    }
  }

  /** What an earlier page has noted as accepted. */
  #restore(view: InvitationView): void {
    if (this.#accepted.has(view.id)) return;
    if (view.state !== 'accepted') return this.done(view.id);
    const Side = view.side === 'caller' ? LocalInvitation : RemoteInvitation;
    this.#keep(Side.accepted(view, this.#parts));
  }

  #facesOf(
    all: readonly (LocalInvitation | RemoteInvitation)[],
  ): PendingInvitations<Local, Remote> {
    const local = all.filter((each) => each instanceof LocalInvitation);
    const remote = all.filter((each) => each instanceof RemoteInvitation);
    return {
      local: local.map((each) => this.#localFace(each)),
      remote: remote.map((each) => this.#remoteFace(each)),
    };
  }

  #localFace(invitation: LocalInvitation): Local {
    return this.#face(invitation, () => this.#parts.faces.local(invitation)) as Local;
  }

  #remoteFace(invitation: RemoteInvitation): Remote {
    return this.#face(invitation, () => this.#parts.faces.remote(invitation)) as Remote;
  }

  #face(
    invitation: LocalInvitation | RemoteInvitation,
    make: () => Local | Remote,
  ): Local | Remote {
    const known = this.#faces.get(invitation);
    if (known !== undefined) return known;
    const face = make();
    this.#faces.set(invitation, face);
    this.#behind.set(face, invitation);
    return face;
  }
}

const NOT_OURS = 'This is no such invitation of this client.';

/** Whether the server may still come to know it: its word is on its way, and what is over here by then is taken back there. */
function isUnheard(invitation: LocalInvitation | RemoteInvitation): boolean {
  if (invitation.version > 0 || invitation instanceof RemoteInvitation) return false;
  return invitation.isUnderWay || !invitation.isOver;
}

/** Whether it may become a call: an app that has taken its own back hears of no acceptance. */
function wasAccepted(invitation: LocalInvitation | RemoteInvitation): boolean {
  if (invitation instanceof RemoteInvitation) return invitation.isAccepted;
  return invitation.state === 'ACCEPTED_BY_REMOTE';
}
