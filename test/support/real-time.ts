import { afterEach, vi } from 'vitest'

// A test that moves the clock leaves it to nobody else.
afterEach(() => void vi.useRealTimers())
