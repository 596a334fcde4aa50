import type { Answer } from '../../ask.ts'
import type { Check, Finding } from '../../check.ts'
import { phrase } from '../../phrase.ts'
import { logtoStatus } from '../../steps/logto-status.ts'

/** Seconds the two clocks may differ: what the app tolerates in an ID token, and half of it. */
const tooMuch = 60
const noticeable = 30

/** Whether our clock and Logto's agree well enough for ID tokens to count. */
export const clock: Check = {
  id: 'clock',
  title: phrase`The clocks of this machine and of Logto`,
  needs: ['logto-endpoint'],
  async examine(on) {
    const tried = phrase`compared the Date header of ${on.config.logto.endpoint} with the clock of this machine`
    const asked = await logtoStatus(on)
    const ahead = 'fault' in asked ? undefined : secondsAhead(asked)
    if (ahead === undefined)
      return { status: 'unknown', tried, answer: phrase`no Date header that can be read` }
    const seconds = Math.round(Math.abs(ahead))
    const answer = seconds === 0 ? phrase`less than a second apart` : phrase`${seconds} s apart`
    if (Math.abs(ahead) < noticeable) return { status: 'ok', tried, answer }
    return { tried, answer, ...apart(seconds, ahead > 0) }
  },
}

function apart(seconds: number, isAhead: boolean): Pick<Finding, 'status' | 'meaning' | 'fix'> {
  const broken = seconds > tooMuch
  return {
    status: broken ? 'broken' : 'warning',
    meaning: phrase`The clock of this machine is ${seconds} s ${isAhead ? phrase`ahead of` : phrase`behind`} Logto's; ${
      broken
        ? phrase`with more than 60 s the app refuses fresh ID tokens, so nobody can sign in`
        : phrase`with more than 60 s nobody could sign in`
    }.`,
    fix: phrase`Set the clock by NTP (on Linux: sudo timedatectl set-ntp true), here and where Logto runs, if you host it.`,
  }
}

/**
 * How far our clock is ahead of the one that made the answer, in seconds; 0 where they may be equal.
 * `Date` has whole seconds (RFC 9110 §6.6.1), and is older by `Age` where a cache has answered (RFC 9111 §5.1).
 */
function secondsAhead({ headers, sentAt, receivedAt }: Answer): number | undefined {
  const date = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(date)) return undefined
  const earliest = date + (Number(headers.get('age')) || 0) * 1000
  const latest = earliest + 1000
  const ours = (sentAt + receivedAt) / 2
  if (ours > latest) return (ours - latest) / 1000
  return ours < earliest ? (ours - earliest) / 1000 : 0
}
