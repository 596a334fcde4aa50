import type { RedisClientType } from '@redis/client'

/** What the app asks of Redis, each about one key: a cluster keeps every key where it likes. */
export type RedisCommands = Pick<
  RedisClientType,
  | 'get'
  | 'getEx'
  | 'getDel'
  | 'set'
  | 'exists'
  | 'eval'
  | 'pExpireAt'
  | 'zRange'
  | 'zRem'
  | 'hGet'
  | 'hGetAll'
>

/** A server that a request may need: where it is, and a rehearsal there, as `rehearse` has it. */
export interface RedisNode {
  readonly at: string
  rehearse: () => Promise<unknown>
}

/** A connection to one Redis, or those to the nodes of a cluster. What is lost stays lost, for whoever opened it decides. */
export interface RedisClient {
  readonly commands: RedisCommands
  readonly isCluster: boolean
  /** Sends any command to where a key is. */
  send: (key: string | undefined, command: string[]) => Promise<unknown>
  /** The servers that keep a part of what the app writes. @param prefix what the keys of the app begin with */
  nodes: (prefix: string) => RedisNode[]
  /** Addresses of the nodes of a cluster, as `openCluster` takes them. */
  known?: () => string[]
  /** What a server says of itself (INFO). */
  info: () => Promise<string>
  isReady: () => boolean
  /** Lets what was sent finish, for a moment, and disconnects. */
  leave: () => Promise<void>
  /** Disconnects at once. */
  drop: () => void
}

/** How a client is opened. */
export interface OpenOptions {
  /** What Redis lists it by (CLIENT LIST). */
  name: string
  /** Is called when it has lost a connection, or when Redis is elsewhere by now. */
  onLost: (error: unknown, client: RedisClient) => void
}

/** Does what a page and a sign-in need of Redis, on every server that may be asked for it. */
export const rehearse = (client: RedisClient, prefix: string): Promise<unknown> =>
  Promise.all(client.nodes(prefix).map((node) => node.rehearse()))
