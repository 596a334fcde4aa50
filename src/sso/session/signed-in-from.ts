import Bowser from 'bowser'
import type { Request } from 'express'
import { visitorAddress } from '../http/request/visitor-address.ts'
import type { SignedInFrom } from './session-data.ts'

/** A header may be longer than any browser's, and each row keeps what is made of it. */
const longest = { header: 512, word: 40 }

/** Reads the browser and its system out of `User-Agent`, which anybody may write anything into. */
export function signedInFrom(req: Request): SignedInFrom {
  const header = req.get('user-agent')?.slice(0, longest.header)
  const { browser, os } = header ? Bowser.parse(header) : {}
  return {
    ...word('browser', browser?.name),
    ...word('system', os?.name),
    ...word('address', visitorAddress(req)),
  }
}

const word = (name: keyof SignedInFrom, value = '') => value && { [name]: value.slice(0, longest.word) }
