import { constants } from 'node:os'

/**
 * Milliseconds in which a second signal is the first one again: the terminal sends one Ctrl-C to us and to npm,
 * which passes it on.
 */
const echo = 250

/** Ctrl-C, what a supervisor sends, and what a terminal sends that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Stops once, on Ctrl-C, on a signal, or when what started us is gone; then ends the process. A second signal ends
 * it at once.
 *
 * @param stop closes whatever keeps the process alive
 * @param fail called with what `stop` raises
 */
export function stopGracefully(stop: () => Promise<void>, fail: (error: unknown) => never): void {
  let stoppingSince: number | undefined
  const end = () => {
    if (stoppingSince !== undefined) return
    stoppingSince = performance.now()
    stop().then(() => process.exit(0), fail)
  }
  const onSignal = (signal: (typeof signals)[number]) => {
    if (stoppingSince !== undefined && performance.now() - stoppingSince > echo) {
      process.exit(128 + constants.signals[signal]) // as a shell reports it
    }
    end()
  }
  for (const signal of signals) process.on(signal, onSignal)
  if (process.env.npm_lifecycle_event) onceOrphaned(end)
}

/** npm runs scripts in a shell: a signal that is sent to npm ends that shell, and never reaches us. */
function onceOrphaned(end: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    end()
  }, 250)
  watch.unref()
}
