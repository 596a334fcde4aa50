/** Whether a text has English sentences in it: three small words in a row, out of quotation marks; a list of scopes and a command are none. */
export const isProse = (text: string): boolean =>
  /(^|[\s(“…])[a-z’']{2,},? [a-z’']{2,},? [a-z’']{2,}/.test(
    text
      .replace(/「[^」]*」/g, '')
      .replace(/npm run \w+/g, '')
      .replaceAll('openid profile email', ''),
  )
