import type { Call } from '../../shared/call-log.ts'
import type { Section } from '../section.ts'

/** Who called whom in the last sign-ins. */
export const calls: Section = {
  id: 'calls',
  open: true,
  locals: ({ callLog }) => ({
    calls: callLog.calls.map((call) => ({ ...call, at: new Date(call.at), begins: begins(call) })),
  }),
}

/** Where one sign-in, or one sign-out, ends and the next begins. */
const begins = ({ to, path, method }: Call) =>
  method === 'GET' && to === 'logto' && (path === '/oidc/auth' || path === '/oidc/session/end')
