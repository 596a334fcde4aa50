import { isLoopback } from '../../settings/values/own-address.ts'
import { parseWebAddress } from '../../settings/values/web-address.ts'
import { certificateFrom, readSamlMetadata } from '../connection/saml-metadata.ts'
import type { Fault } from './provider.ts'

/** Longest text of one line. An entity ID has at most 1,024 characters (SAML 2.0 Core §8.3.6). */
const longest = 1024
/** Longest metadata; those of federations with thousands of members are no company's. */
const longestMetadata = 256 * 1024

const isSafe = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))

/** An issuer. The address of its discovery document, which consoles show, counts as the issuer before it. */
export function readIssuer(text: string): string | Fault {
  if (text.length > longest) return notAnIssuer
  const issuer = text.replace(/\/\.well-known\/openid-configuration\/?$/, '').replace(/\/+$/, '')
  const url = parseWebAddress(issuer)
  return url && isSafe(url) ? issuer : notAnIssuer
}

const notAnIssuer: Fault = {
  problem: { en: 'is not an https address', ja: 'が https のアドレスではありません' },
  fix: {
    en: 'copy the issuer, such as https://idp.example.com, with nothing behind it',
    ja: 'issuer（例：https://idp.example.com）を、後ろに何も付けずにコピーしてください',
  },
}

/** An address that may have a query, such as that of SAML metadata. */
export function readAddress(text: string): string | Fault {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && isSafe(url) && !url.username && !url.password && text.length <= longest) return url.href
  return {
    problem: { en: 'is not an https address', ja: 'が https のアドレスではありません' },
    fix: {
      en: 'copy the whole address from the console, such as https://idp.example.com/sso',
      ja: 'コンソールからアドレス全体（例：https://idp.example.com/sso）をコピーしてください',
    },
  }
}

/** A client ID or secret (RFC 6749 Appendix A: printable ASCII), such as a console's copy button gives. */
export function readCredential(text: string): string | Fault {
  if (/^[\x21-\x7e]+$/.test(text) && text.length <= longest) return text
  return {
    problem: {
      en: 'has a space or a letter that no such value has',
      ja: 'に、空白など使えない文字が含まれています',
    },
    fix: {
      en: "copy it with the console's copy button, alone",
      ja: 'コンソールのコピーボタンで、その値だけをコピーしてください',
    },
  }
}

/** Scope tokens (RFC 6749 §3.3), with a space between two, each once. */
export function readScope(text: string): string | Fault {
  const scopes = [...new Set(text.split(/[\s,]+/).filter(Boolean))]
  if (scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)) && text.length <= longest)
    return scopes.join(' ')
  return {
    problem: { en: 'is not a list of scopes', ja: 'がスコープの一覧ではありません' },
    fix: {
      en: 'write scopes with a space between two, such as groups address',
      ja: 'スコープを空白で区切って書いてください（例：groups address）',
    },
  }
}

/** A switch, as a form or a setting has it. */
export function readSwitch(text: string): string | Fault {
  if (['true', 'on', 'yes', '1'].includes(text.toLowerCase())) return 'true'
  if (['false', 'off', 'no', '0'].includes(text.toLowerCase())) return 'false'
  return {
    problem: { en: 'is neither true nor false', ja: 'が true でも false でもありません' },
    fix: { en: 'write true or false', ja: 'true または false と書いてください' },
  }
}

/** An entity ID or an attribute's name: a text of one line, to the letter. */
export function readName(text: string): string | Fault {
  if (/^[^\s\p{Cc}]+$/u.test(text) && text.length <= longest) return text
  return {
    problem: { en: 'is not a name of one word', ja: 'に空白が含まれているか、長すぎます' },
    fix: {
      en: 'copy it from the console to the letter, without spaces',
      ja: 'コンソールから一字一句そのまま、空白なしでコピーしてください',
    },
  }
}

/** A certificate that is still good, as PEM or what stands between PEM's two lines. @returns it as PEM */
export function readCertificate(text: string): string | Fault {
  const certificate = certificateFrom(text)
  if (!certificate) return notACertificate
  if (Date.parse(certificate.validTo) <= Date.now()) return expired
  // Logto takes PEM without a line end behind it only.
  return certificate.toString().trim()
}

const notACertificate: Fault = {
  problem: { en: 'is not an X.509 certificate', ja: 'が X.509 証明書ではありません' },
  fix: {
    en: 'download the signing certificate as Base64 or PEM, and paste all of it, with -----BEGIN CERTIFICATE-----',
    ja: '署名用の証明書を Base64（PEM）でダウンロードし、-----BEGIN CERTIFICATE----- から最後まで貼り付けてください',
  },
}

const expired: Fault = {
  problem: { en: 'is a certificate that has expired', ja: 'の証明書は期限が切れています' },
  fix: {
    en: 'make a new signing certificate in the console, activate it, and paste that',
    ja: 'コンソールで新しい署名用証明書を作って有効にし、それを貼り付けてください',
  },
}

/** The metadata document of a SAML identity provider (SAML 2.0 Metadata §2.3.2, §2.4.3). */
export function readMetadata(text: string): string | Fault {
  if (text.length <= longestMetadata && readSamlMetadata(text)) return text
  return {
    problem: {
      en: 'is not the metadata of an identity provider',
      ja: 'がアイデンティティプロバイダーのメタデータではありません',
    },
    fix: {
      en: 'paste the whole XML file, from <EntityDescriptor …> to its end; an <IDPSSODescriptor> is in it',
      ja: 'XML ファイル全体を、<EntityDescriptor …> から最後まで貼り付けてください。<IDPSSODescriptor> が含まれているはずです',
    },
  }
}
