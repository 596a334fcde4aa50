import { generateKeyPair, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'

const [SEQUENCE, SET, INTEGER, BIT_STRING, NULL, OBJECT_ID, UTF8_STRING, UTC_TIME] = [
  0x30, 0x31, 0x02, 0x03, 0x05, 0x06, 0x0c, 0x17,
]
/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11 (RFC 4055 §5), and commonName, 2.5.4.3 (RFC 5280 Appendix A). */
const SHA256_WITH_RSA = Buffer.from('2a864886f70d01010b', 'hex')
const COMMON_NAME = Buffer.from('550403', 'hex')
const DAY = 24 * 60 * 60 * 1000

/** A key and the certificate that says whose it is, both as PEM. */
export interface Credential {
  privateKey: string
  certificate: string
}

/**
 * Makes a key and a certificate for it that it has signed itself, good from yesterday on: as SAML providers have them,
 * where only the key in the certificate counts (SAML 2.0 Metadata §2.4.1.1). Node.js reads certificates and makes none.
 *
 * @param name who it is of
 * @param days for how long it is good; less than none, and it has run out
 */
export async function selfSigned(name: string, days = 3 * 365): Promise<Credential> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const algorithm = der(SEQUENCE, der(OBJECT_ID, SHA256_WITH_RSA), der(NULL))
  const whose = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OBJECT_ID, COMMON_NAME), der(UTF8_STRING, Buffer.from(name)))),
  )
  const now = Date.now()
  const validity = der(SEQUENCE, utcTime(Math.min(now, now + days * DAY) - DAY), utcTime(now + days * DAY))
  // A positive number (RFC 5280 §4.1.2.2).
  const serial = der(INTEGER, Buffer.from([1]), randomBytes(15))
  const key = publicKey.export({ type: 'spki', format: 'der' })
  // Without a version it is one of version 1, which has no extensions (§4.1.2.1).
  const signed = der(SEQUENCE, serial, algorithm, whose, validity, whose, key)
  const signature = sign('sha256', signed, privateKey)
  const certificate = der(SEQUENCE, signed, algorithm, der(BIT_STRING, Buffer.from([0]), signature))
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  }
}

/** Tag, length and value (X.690 §8.1). */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const { length } = value
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), value])
}

const utcTime = (at: number) =>
  der(UTC_TIME, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))
