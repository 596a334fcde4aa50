import { createHash } from 'node:crypto'

/**
 * Tells this app from others by its address. Apps meet where one would not think of it: a browser has
 * one set of cookies for all ports of a host (RFC 6265 §8.5), a `__Host-` cookie has one for all its paths, and one Redis
 * may serve several apps.
 *
 * @returns five letters and digits, the same in every process of the app: short, for there is one in each cookie's name
 */
export function appTag({ baseUrl }: { readonly baseUrl: string }): string {
  return createHash('sha256').update(baseUrl).digest().readUIntBE(0, 6).toString(36).slice(-5)
}

/** What the keys of an app in Redis begin with, and those of no other. */
export const keyPrefix = (app: { readonly baseUrl: string }): string => `sso:${appTag(app)}:`
