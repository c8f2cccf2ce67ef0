declare module 'fengari' {
  interface LuaState {
    readonly brand: 'LuaState';
  }
  type LuaString = Uint8Array;

  interface Fengari {
    readonly to_luastring: (text: string) => LuaString;
    readonly lua: {
      readonly LUA_OK: number;
      readonly LUA_REGISTRYINDEX: number;
      readonly LUA_TNUMBER: number;
      lua_gettop(state: LuaState): number;
      lua_newtable(state: LuaState): void;
      lua_pcall(state: LuaState, args: number, results: number, handler: number): number;
      lua_pop(state: LuaState, count: number): void;
      lua_pushboolean(state: LuaState, value: boolean): void;
      lua_pushcfunction(state: LuaState, call: (state: LuaState) => number): void;
      lua_pushinteger(state: LuaState, value: number): void;
      lua_pushstring(state: LuaState, value: LuaString): void;
      lua_rawgeti(state: LuaState, index: number, reference: number): void;
      lua_rawseti(state: LuaState, index: number, place: number): void;
      lua_setfield(state: LuaState, index: number, name: LuaString): void;
      lua_setglobal(state: LuaState, name: LuaString): void;
      lua_tojsstring(state: LuaState, index: number): string;
      lua_type(state: LuaState, index: number): number;
    };
    readonly lauxlib: {
      luaL_loadstring(state: LuaState, source: LuaString): number;
      luaL_newstate(): LuaState;
      luaL_ref(state: LuaState, index: number): number;
    };
    readonly lualib: { luaL_openlibs(state: LuaState): void };
  }

  const fengari: Fengari;
  export default fengari;
}
