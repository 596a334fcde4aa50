import { addressesAt } from '../../sso/addresses.ts'
import type { Examination } from '../examination.ts'
import { askWithBogusCode } from './bogus-code.ts'
import { metadata } from './logto-requests.ts'

/** Logto's token endpoint, asked as the app. */
export const tokenAnswer = (on: Examination) =>
  on.once(tokenAnswer, async () => {
    const { appId: id, appSecret: secret } = on.config.logto
    const { tokenEndpoint } = await metadata(on)
    return askWithBogusCode(on, tokenEndpoint, {
      id,
      secret,
      redirectUri: addressesAt(on.config.baseUrl).callback,
    })
  })

/** The same without the secret, which only a public client is allowed. */
export const tokenAnswerWithoutSecret = (on: Examination) =>
  on.once(tokenAnswerWithoutSecret, async () => {
    const { tokenEndpoint } = await metadata(on)
    return askWithBogusCode(on, tokenEndpoint, {
      id: on.config.logto.appId,
      redirectUri: addressesAt(on.config.baseUrl).callback,
    })
  })
