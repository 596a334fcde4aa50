import type { NetworkFault } from '../../http-client/network-fault.ts'
import type { FieldName } from '../../provision/providers/provider.ts'
import { textIn } from '../../words/phrase.ts'
import type { ProviderFinding } from './finding.ts'

/** What is wrong where nothing answers. The fix is for whoever has entered the address, and not for who runs this. */
export const silent = (field: FieldName, { words }: NetworkFault): ProviderFinding => ({
  field,
  isBroken: true,
  problem: {
    en: `cannot be reached from here: ${textIn(words, 'en')}`,
    ja: `にここから接続できません：${textIn(words, 'ja')}`,
  },
  fix: {
    en: 'see that the address is right, and that it can be reached from the internet with a certificate that everybody trusts',
    ja: 'アドレスが正しいこと、インターネットから接続でき、一般に信頼された証明書が使われていることを確認してください',
  },
})
