import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Light, since these hashes never leave the memory of a development machine. */
const COST = { N: 2 ** 12 }

/** Gives a salted hash as one string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `${salt.toString('base64url')}.${(await derive(password, salt)).toString('base64url')}`
}

/** Whether `password` is the one behind `hash`; takes as long for a missing hash as for a wrong password. */
export async function passwordMatches(password: string, hash: string | null | undefined): Promise<boolean> {
  const [salt = '', expected = ''] = (hash ?? '').split('.')
  const actual = await derive(password, Buffer.from(salt, 'base64url'))
  const wanted = Buffer.from(expected, 'base64url')
  return wanted.length === actual.length && timingSafeEqual(wanted, actual)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
