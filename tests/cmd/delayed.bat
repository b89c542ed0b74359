@echo off
rem Delayed expansion.
setlocal enabledelayedexpansion
set v=abc
echo --- plain
echo !v!
echo --- substring
echo !v:~1!
echo --- replaced
echo !v:b=B!
echo --- in a block the value of now
set x=before
if 1==1 (
  set x=after
  echo %x% !x!
)
echo --- undefined
echo [!nothing!]
echo --- an escaped mark
echo ^^!v^^!
echo --- one alone is dropped
echo wow!
echo --- special characters are safe in it
set "s=a & b | c > d < e ^ f"
echo !s!
echo --- percent signs in it are a text
set "p=100%% %%v%%"
echo !p!
echo --- a variable's name from a variable
set name=v
echo !%name%!
echo --- an array
set a[0]=zero
set a[1]=one
set i=1
echo !a[%i%]!
for /l %%i in (0,1,1) do echo %%i !a[%%i]!
echo --- a loop that collects
set list=
for %%i in (x y z) do set list=!list!%%i
echo !list!
echo --- marks in FOR's values are expanded, too
for %%i in ("one!v!two") do echo %%~i
echo --- which is lost when it is off
setlocal disabledelayedexpansion
for %%i in ("one!v!two") do echo %%~i
echo !v!
endlocal
echo !v!
echo --- substring with numbers from variables
set from=1
set length=1
echo !v:~%from%,%length%!
echo --- nested by FOR
for %%k in (b) do echo !v:%%k=_!
echo --- in IF
if "!v!"=="abc" echo equal
echo --- in SET /A
set /a n=1
if 1==1 (
  set /a n+=1
  set /a n*=5
  echo !n!
)
echo --- a value with quotes
set q="a b"
echo !q!
echo --- CALL does not expand it again
set "r=^!v^!"
echo !r!
echo --- by cmd /v:on
cmd /v:on /c "set w=1& echo ^!w^!"
endlocal
echo --- and by cmd /v:off
cmd /v:off /c "echo !v!"
echo --- outside again
echo !v!
exit /b 0
