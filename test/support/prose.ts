/** Whether a text has English sentences in it: three small words in a row, out of quotation marks, and no list of scopes. */
export const isProse = (text: string): boolean =>
  /(^|[\s(“…])[a-z’']{2,},? [a-z’']{2,},? [a-z’']{2,}/.test(
    text.replace(/「[^」]*」/g, '').replaceAll('openid profile email', ''),
  )
