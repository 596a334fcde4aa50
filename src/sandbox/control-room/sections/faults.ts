import { textOf } from '../../shared/pages/text-of.ts'
import type { ControlRoomParts, Section } from '../section.ts'

/** What is wrong with Logto, and the buttons that have it so. */
export const faults: Section = {
  id: 'faults',
  count: ({ behaviour }) => faultsOf(behaviour).length,
  locals: ({ behaviour }) => ({ faults: faultsOf(behaviour) }),
  actions: {
    'slow-tokens': ({ control }) => control.slowTokens(5000),
    'fail-tokens': ({ control }) => control.failTokens(500),
    'refuse-refresh': ({ control }) => control.refuseRefresh(),
    outage: ({ control }) => control.outage(),
    'clear-faults': ({ control }) => control.clearFaults(),
    'rotate-keys': ({ control }, form) =>
      control.rotateKeys({ kind: textOf(form, 'kind') === 'RSA' ? 'RSA' : 'EC' }),
    'move-clock': ({ control }, form) => control.moveClock(Number(textOf(form, 'seconds'))),
  },
}

/** A sentence each: its words, and what stands in their gaps. */
function faultsOf(behaviour: ControlRoomParts['behaviour']) {
  const { tokenDelay, tokenFailure, refusesRefresh, outage, clockAhead } = behaviour
  const failure = tokenFailure === 'reset' ? 'reset' : 'failure'
  return [
    tokenDelay > 0 && { words: 'delay', seconds: tokenDelay / 1000 },
    tokenFailure !== undefined && { words: failure, status: tokenFailure },
    refusesRefresh && { words: 'refresh' },
    outage !== undefined && { words: outage },
    clockAhead !== 0 && { words: clockAhead > 0 ? 'ahead' : 'behind', seconds: Math.abs(clockAhead) },
  ].filter((fault) => fault !== false)
}
