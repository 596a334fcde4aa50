import type { ProviderFinding } from '../../doctor/provider/finding.ts'

/** What is wrong with values beside what the doctor's checks say of them. */

export const notFree: ProviderFinding = {
  isBroken: true,
  problem: {
    en: 'This provider cannot be connected here.',
    ja: 'このプロバイダーはここでは接続できません。',
  },
  fix: {
    en: 'Ask whoever invited you, and name the time of this try.',
    ja: '招待した担当者に、この操作をした時刻を添えてお問い合わせください。',
  },
}

export const valuesRefused: ProviderFinding = {
  isBroken: true,
  problem: {
    en: 'The sign-in service cannot use these values, though they work from here.',
    ja: 'ここからは正しく動作しますが、サインインサービスがこの値を使えません。',
  },
  fix: {
    en: 'See that your provider can be reached from the internet, and try again.',
    ja: 'プロバイダーがインターネットから到達できることを確認して、もう一度お試しください。',
  },
}

/** Where a browser has no field for dates, and somebody has typed it in another way. */
export const noDay: ProviderFinding = {
  isBroken: true,
  problem: {
    en: 'The day on which the client secret expires is no date.',
    ja: 'クライアント シークレットの有効期限が、日付として正しくありません。',
  },
  fix: {
    en: 'Write it as 2027-03-31, or leave it empty.',
    ja: '2027-03-31 のように入力するか、空欄にしてください。',
  },
}

export const secretAnew: ProviderFinding = {
  field: 'clientSecret',
  isBroken: true,
  problem: {
    en: 'is needed anew, since the issuer is another one',
    ja: 'を入力し直す必要があります。issuer が変わったためです',
  },
  fix: {
    en: 'enter the secret of the client at this issuer',
    ja: 'この issuer にあるクライアントのシークレットを入力してください',
  },
}
