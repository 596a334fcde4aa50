import { visible } from '../settings/visible.ts'
import { Phrase, type Text } from '../words/phrase.ts'

/** Shorter ones would be found in ordinary words. What a server echoes is searched for those too. */
const shortestInOurWords = 8

/** Longest part of a foreign answer that is shown. */
const longestQuote = 200

/** Everything that no output may hold: collected as it comes up, cut from whatever is said. */
export class Secrets {
  readonly #values = new Set<string>()

  /** @param values such as a secret, a state or a cookie's value; nothing happens for undefined */
  add(...values: Array<string | undefined>): void {
    for (const value of values) {
      if (!value) continue
      this.#values.add(value)
      // The other spellings in which a value goes out: in a query, in a form, in JSON.
      this.#values.add(encodeURIComponent(value))
      this.#values.add(new URLSearchParams({ '': value }).toString().slice(1))
      this.#values.add(JSON.stringify(value).slice(1, -1))
    }
  }

  /** Remembers a client's credentials, also as they stand in a header (RFC 6749 §2.3.1). */
  addClient(id: string, secret: string): void {
    if (!secret) return
    const form = (value: string) => new URLSearchParams({ '': value }).toString().slice(1)
    this.add(secret, base64(`${id}:${secret}`), base64(`${form(id)}:${form(secret)}`))
  }

  /** Cuts what is secret from words of our own. */
  cutFrom(text: string): string {
    return this.#cut(text, shortestInOurWords)
  }

  /** Cuts what is secret from foreign words, secrets of any length. */
  cutEverywhere(text: string): string {
    return this.#cut(text, 1)
  }

  /** A foreign answer as it may be shown: one line, no secret of any length, at most 200 characters. Of words of ours, what stands in their holes. */
  quote(text: string): string
  quote(text: Text): Text
  quote(text: Text): Text {
    if (text instanceof Phrase) return text.withHoles((hole) => this.quote(hole))
    if (typeof text !== 'string') return text
    const folded = visible(this.cutEverywhere(text).replace(/\s+/g, ' ').trim())
    return folded.length > longestQuote ? `${folded.slice(0, longestQuote - 1)}…` : folded
  }

  #cut(text: string, shortest: number): string {
    // The longest first, or what is left of one that holds another would show.
    const values = [...this.#values].filter(({ length }) => length >= shortest)
    values.sort((a, b) => b.length - a.length)
    return values.reduce((cut, value) => cut.replaceAll(value, '…'), text)
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
