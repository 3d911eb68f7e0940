# Writes HEADER with the commit that the folder SOURCE is at, and whether tracked files differ from
# it (1, 0). Without git, or where SOURCE is no checkout of its own: "unknown" and -1.
set(commit "unknown")
set(dirty -1)
find_program(GIT git)
if(GIT AND EXISTS "${SOURCE}/.git")
  # A build by another user than the checkout's owner is no reason not to know.
  set(git "${CMAKE_COMMAND}" -E env GIT_OPTIONAL_LOCKS=0
          "${GIT}" -c safe.directory=* -C "${SOURCE}")
  execute_process(COMMAND ${git} rev-parse --verify HEAD
    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  if(failed EQUAL 0)
    set(commit "${head}")
    execute_process(COMMAND ${git} status --porcelain --untracked-files=no
      OUTPUT_VARIABLE changes RESULT_VARIABLE failed ERROR_QUIET)
    if(failed EQUAL 0)
      string(COMPARE NOTEQUAL "${changes}" "" differs)
      set(dirty ${differs})
    endif()
  endif()
endif()

set(text "#pragma once\n\n#define RNNLAB_GIT_COMMIT \"${commit}\"\n#define RNNLAB_GIT_DIRTY ${dirty}\n")
set(before "")
if(EXISTS "${HEADER}")
  file(READ "${HEADER}" before)
endif()
if(NOT before STREQUAL text)
  file(WRITE "${HEADER}" "${text}")
endif()
