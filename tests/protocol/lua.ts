import fengari from 'fengari';

const { lua, lauxlib, lualib, to_luastring: toLua } = fengari;

type LuaState = ReturnType<typeof lauxlib.luaL_newstate>;

/** What `redis.call` answers, in the forms that scripts see. */
export type Reply = string | number | false | readonly string[];
type Call = (args: readonly string[]) => Reply;

let call: Call = () => false;
const compiled = new Map<string, number>();
const state = open();

/** Runs a script as Redis does: over keys and arguments, with `redis.call`. */
export function runLua(
  source: string,
  keys: readonly string[],
  args: readonly string[],
  callback: Call,
): string | number {
  call = callback;
  setTable('KEYS', keys);
  setTable('ARGV', args);
  lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, compile(source));
  if (lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK) throw new Error(`ERR ${pop()}`);
  const isNumber = lua.lua_type(state, -1) === lua.LUA_TNUMBER;
  const answer = pop();
  return isNumber ? Number(answer) : answer;
}

function open(): LuaState {
  const opened = lauxlib.luaL_newstate();
  lualib.luaL_openlibs(opened);
  lua.lua_newtable(opened);
  lua.lua_pushcfunction(opened, (inside) => {
    const args = Array.from({ length: lua.lua_gettop(inside) }, (_, index) =>
      lua.lua_tojsstring(inside, index + 1),
    );
    push(inside, call(args));
    return 1;
  });
  lua.lua_setfield(opened, -2, toLua('call'));
  lua.lua_setglobal(opened, toLua('redis'));
  return opened;
}

function compile(source: string): number {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  // The first line may name flags for Redis; Lua does not know them.
  const text = source.startsWith('#!') ? source.slice(source.indexOf('\n') + 1) : source;
  if (lauxlib.luaL_loadstring(state, toLua(text)) !== lua.LUA_OK) throw new Error(`ERR ${pop()}`);
  const reference = lauxlib.luaL_ref(state, lua.LUA_REGISTRYINDEX);
  compiled.set(source, reference);
  return reference;
}

function pop(): string {
  const text = lua.lua_tojsstring(state, -1);
  lua.lua_pop(state, 1);
  return text;
}

function setTable(name: string, values: readonly string[]): void {
  push(state, values);
  lua.lua_setglobal(state, toLua(name));
}

function push(target: LuaState, value: Reply): void {
  if (value === false) return lua.lua_pushboolean(target, false);
  if (typeof value === 'number') return lua.lua_pushinteger(target, value);
  if (typeof value === 'string') return lua.lua_pushstring(target, toLua(value));
  lua.lua_newtable(target);
  for (const [index, item] of value.entries()) {
    lua.lua_pushstring(target, toLua(item));
    lua.lua_rawseti(target, -2, index + 1);
  }
}
