import type { ChildProcess } from "node:child_process";
import type { Access } from "../../store/open/agents/agentTypes.ts";
import { failureOf } from "../adapters/failures.ts";
import { at, type Fields, listAt, numberAt, sumOf, textAt } from "../adapters/json.ts";
import type { AcpLimits, AcpOptions } from "./options.ts";
import { rulingOn } from "./permission.ts";
import { NO_METHOD, Rpc, RpcError } from "./rpc.ts";
import { type Say, Updates } from "./updates.ts";

/** The end of a run, as a line `result` says it. */
export type Result = Fields & { readonly ok: boolean };

const PROTOCOL = 1;
/** What an agent answers to whom it does not know. */
const AUTH_REQUIRED = -32_000;
/** Modes in which agents ask before they change anything. */
const ASKING = ["default", "ask"];
/** Modes in which they can change nothing, and in which they ask for nothing, the best first. */
const READING = ["read-only", "plan"];
const FREE = ["yolo", "bypassPermissions", "full-access"];
const TURN_ENDS: Readonly<Record<string, string>> = {
  max_tokens: "the model's answer became too long",
  max_turn_requests: "too many requests in one turn",
  refusal: "the model refused",
  cancelled: "it was cancelled",
};

/** What went wrong, and what that means for another try. */
class Failed extends Error {
  readonly more: Fields;

  constructor(message: string, more: Fields = {}) {
    super(message);
    this.more = more;
  }
}

/** One session with an agent: a prompt, and what comes while it works. */
export class AcpTurn {
  readonly #options: AcpOptions;
  readonly #limits: AcpLimits;
  readonly #say: Say;
  readonly #rpc: Rpc;
  readonly #updates: Updates;
  #session: string | undefined;
  #isCancelled = false;
  /** A turn is going on; it was ended for a message that came. */
  #isPrompted = false;
  #isInterrupted = false;

  constructor(options: AcpOptions, child: ChildProcess, limits: AcpLimits, say: Say) {
    this.#options = options;
    this.#limits = limits;
    this.#say = say;
    this.#updates = new Updates(say, Date.now);
    this.#rpc = new Rpc(child, {
      request: (method, params) => this.#request(method, params),
      notification: (method, params) => {
        if (method === "session/update") this.#updates.take(params);
      },
      raw: (line) => say({ type: "raw", line: line.slice(0, 4_096) }),
    });
  }

  /** Does the work; how it ended. */
  async work(): Promise<Result> {
    try {
      const agent = await this.#start("initialize", {
        protocolVersion: PROTOCOL,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        clientInfo: { name: "ayo", version: "1" },
      });
      const version = numberAt(agent, "protocolVersion");
      if (version !== PROTOCOL) throw new Failed(`it speaks version ${version} of the protocol, and ayo ${PROTOCOL}`);
      const opened = await this.#open(agent);
      await this.#chooseMode(opened);
      return await this.#talk();
    } catch (error) {
      this.#updates.flush();
      this.#tellUsage(undefined);
      return { ok: false, why: error instanceof Error ? error.message : String(error), ...meaningOf(error) };
    }
  }

  /** Asks the agent to end its turn; where it does not, it is not waited for. */
  cancel(): void {
    this.#isCancelled = true;
    if (this.#session !== undefined) this.#rpc.notify("session/cancel", { sessionId: this.#session });
    setTimeout(() => this.abandon("it was stopped"), this.#session === undefined ? 0 : this.#limits.stop).unref();
  }

  /** Waits for no answer any more. An agent that broke down over its work may do it another time. */
  abandon(why: string, isBreakdown = false): void {
    this.#rpc.end(new Failed(why, isBreakdown && this.#session !== undefined ? { transient: true } : {}));
  }

  /** Calls what an agent has to answer soon. */
  async #start(method: string, params: Fields): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const why = `no answer to ${method} within ${this.#limits.start / 1000} s`;
      timer = setTimeout(() => reject(new Failed(why, { transient: true })), this.#limits.start);
    });
    try {
      return await Promise.race([this.#rpc.call(method, params), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A new session, or the one to go on with. */
  async #open(agent: unknown): Promise<unknown> {
    const { session, cwd, mcpServers } = this.#options;
    const params = { cwd, mcpServers };
    const opened = session === undefined ? await this.#start("session/new", params) : await this.#goOn(agent, session);
    const id = session ?? textAt(opened, "sessionId");
    if (id === undefined) throw new Failed("it gave its session no name");
    this.#session = id;
    const name = [textAt(agent, "agentInfo", "name"), textAt(agent, "agentInfo", "version")];
    const version = name.filter((one) => one !== undefined).join(" ");
    this.#say({ type: "session", id, ...(version === "" ? {} : { version }) });
    return opened;
  }

  async #goOn(agent: unknown, session: string): Promise<unknown> {
    const { cwd, mcpServers } = this.#options;
    const params = { sessionId: session, cwd, mcpServers };
    const abilities = at(agent, "agentCapabilities");
    const resume = at(abilities, "sessionCapabilities", "resume");
    const hasResume = resume !== undefined && resume !== null && resume !== false;
    if (!hasResume && at(abilities, "loadSession") !== true)
      throw new Failed("it cannot go on with a session", { gone: true });
    // A session that is loaded is told from its beginning.
    this.#updates.isMuted = true;
    try {
      return await this.#start(hasResume ? "session/resume" : "session/load", params);
    } catch (error) {
      const { login, transient } = meaningOf(error);
      if (!(error instanceof RpcError) || login === true || transient === true) throw error;
      throw new Failed(`it cannot go on with its session: ${error.message}`, { gone: true });
    } finally {
      this.#updates.isMuted = false;
    }
  }

  /** Chooses the mode that fits what it may do, where it has one; what it asks in the others is answered. */
  async #chooseMode(opened: unknown): Promise<void> {
    const modes = listAt(opened, "modes", "availableModes").flatMap((mode) => textAt(mode, "id") ?? []);
    const modeId = modeFor(this.#options.access, modes, textAt(opened, "modes", "currentModeId"));
    if (modeId === undefined) return;
    try {
      await this.#start("session/set_mode", { sessionId: this.#session, modeId });
    } catch (error) {
      // Where it may do anything it only asks more than it need.
      if (!(error instanceof RpcError) || this.#options.access !== "full") throw error;
      this.#say({ type: "raw", line: `no mode ${modeId}: ${error.message}` });
    }
  }

  /** The prompt, and then whatever comes: a message ends the turn that it comes in, as the protocol has it. */
  async #talk(): Promise<Result> {
    const { prompt, inbox } = this.#options;
    if (inbox !== undefined) inbox.onMessage = () => this.#interrupt();
    for (let result = await this.#prompt(prompt); ; ) {
      if (inbox === undefined || this.#isCancelled || !(result.ok || inbox.isFull)) return result;
      if (!inbox.isFull) {
        if (inbox.isOver) return result;
        // Whoever hears this says whether there is more.
        this.#say({ type: "result", ...result });
        await inbox.next();
      }
      const messages = inbox.take();
      if (messages.length > 0) result = await this.#prompt(messages.join("\n\n"));
    }
  }

  #interrupt(): void {
    if (!this.#isPrompted || this.#isInterrupted) return;
    this.#isInterrupted = true;
    this.#rpc.notify("session/cancel", { sessionId: this.#session });
  }

  async #prompt(text: string): Promise<Result> {
    this.#isPrompted = true;
    try {
      return await this.#ask(text);
    } catch (error) {
      // Some answer a turn that was ended with an error.
      if (!this.#isInterrupted || this.#isCancelled || !(error instanceof RpcError)) throw error;
      return { ok: false, why: error.message };
    } finally {
      this.#isPrompted = false;
      this.#isInterrupted = false;
    }
  }

  async #ask(message: string): Promise<Result> {
    const prompt = [{ type: "text", text: message }];
    const answer = await this.#rpc.call("session/prompt", { sessionId: this.#session, prompt });
    this.#updates.flush();
    this.#tellUsage(answer);
    const reason = textAt(answer, "stopReason") ?? "no reason told";
    const text = this.#updates.answer;
    const said = text === "" ? {} : { text };
    if (reason === "end_turn") return { ok: true, ...said };
    return { ok: false, why: TURN_ENDS[reason] ?? `its turn ended: ${reason}`, ...said };
  }

  #tellUsage(answer: unknown): void {
    const counted = at(answer, "_meta", "quota", "token_count");
    const tokens = numberAt(answer, "usage", "totalTokens") ?? sumOf(counted, ["input_tokens", "output_tokens"]);
    if (tokens !== undefined) this.#say({ type: "usage", tokens });
    if (this.#updates.cost !== undefined) this.#say({ type: "usage", cost: this.#updates.cost, total: true });
  }

  #request(method: string, params: unknown): unknown {
    if (method !== "session/request_permission")
      throw new RpcError(NO_METHOD, `${method}: there is no such method here`);
    const { access, cwd, storeDir } = this.#options;
    if (this.#isCancelled || this.#isInterrupted) return { outcome: { outcome: "cancelled" } };
    const { outcome, isAllowed, what } = rulingOn(params, { access, dirs: [cwd, storeDir] });
    this.#updates.flush();
    if (isAllowed) this.#updates.begin(at(params, "toolCall"));
    else this.#say({ type: "denied", what });
    return { outcome };
  }
}

/** An agent that asks may stay as it is: by an answer it can tell its findings to ayo, which a mode may forbid it. */
function modeFor(access: Access, modes: readonly string[], current = ""): string | undefined {
  const wanted = access === "edit" ? [] : access === "full" ? FREE : READING;
  const found = wanted.find((mode) => modes.includes(mode));
  if (found === current || (found === "plan" && ASKING.includes(current))) return undefined;
  return found;
}

/** What an error means for another try, as a line `result` says it. */
function meaningOf(error: unknown): Fields {
  if (error instanceof Failed) return error.more;
  if (!(error instanceof RpcError)) return {};
  const { isLogin, isTransient } = failureOf(error.message);
  if (isLogin || (error.code === AUTH_REQUIRED && /auth|log ?in/i.test(error.message))) return { login: true };
  return isTransient ? { transient: true } : {};
}
