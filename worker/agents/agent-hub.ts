/** The Durable Object at the edge's end of an agent's socket. */
import { DurableObject } from 'cloudflare:workers'

export class AgentHub extends DurableObject {}
