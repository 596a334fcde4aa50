/**
 * Stops once, on Ctrl-C, on a signal, or when what started us is gone; then ends the process.
 *
 * @param stop closes whatever keeps the process alive
 * @param fail called with what `stop` raises
 */
export function stopWhenTold(stop: () => Promise<void>, fail: (error: unknown) => never): void {
  let stopping = false
  const end = () => {
    if (stopping) return
    stopping = true
    stop().then(() => process.exit(0), fail)
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
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
