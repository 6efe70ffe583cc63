import type { UserId } from '../../ids.ts';

/** Whose attributes. */
export type AttributesOf =
  | { readonly kind: 'user'; readonly user: UserId }
  | { readonly kind: 'channel'; readonly channel: string };

/** One attribute with its key. */
export interface AttributeSet {
  /** 1 to MAX_ATTRIBUTE_KEY_BYTES. */
  readonly key: string;
  readonly value: string;
}

/** An attribute as it is read: who changed it last, and when. */
export interface Attribute extends AttributeSet {
  readonly by: UserId;
  /** Epoch milliseconds. */
  readonly at: number;
}
