@echo off
rem SET /A: operators, precedence, numbers, errors.
goto start
:show
set /a r=%~1
echo %r%
exit /b
:start
echo --- addition and subtraction
call :show "1 + 2 - 5"
echo --- multiplication before addition
call :show "2 + 3 * 4"
echo --- division cuts off
call :show "7 / 2"
call :show "-7 / 2"
echo --- remainder
set /a r=17 %% 5
echo %r%
set /a r=-17 %% 5
echo %r%
echo --- parentheses
set /a r=(2 + 3) * (4 - 1)
echo %r%
echo --- unary minus
set /a r=-(3 - 5)
echo %r%
echo --- two of them
set /a r=- -3
echo %r%
echo --- complement
set /a r=~5
echo %r%
echo --- logical not
set /a r=!0
set /a s=!7
echo %r% %s%
echo --- shifts
set /a "r=1 << 10, s=1024 >> 3"
echo %r% %s%
echo --- a shift right keeps the sign
set /a "r=-8 >> 1"
echo %r%
echo --- bits
set /a "r=12 & 10, s=12 | 3, t=12 ^ 10"
echo %r% %s% %t%
echo --- precedence of bits
set /a "r=1 | 2 ^ 3 & 1"
echo %r%
echo --- shifts bind less than additions
set /a "r=1 << 2 + 1"
echo %r%
echo --- assignment has a value
set /a a=b=5
echo %a% %b%
echo --- assigning operators
set /a n=10, n+=5, n-=3, n*=2, n/=5, n%%=3
echo %n%
set /a "n=6, n&=3, n|=8, n^=1, n<<=2, n>>=1"
echo %n%
echo --- commas
set /a x=1, y=x+1, z=x+y
echo %x% %y% %z%
echo --- names without percent signs
set v=7
set /a r=v*v
echo %r%
echo --- an undefined name is zero
set /a r=undefined_name + 1
echo %r%
echo --- a name of no number is zero
set t=text
set /a r=t+1
echo %r%
echo --- a value that is a hexadecimal number
set h=0x10
set /a r=h+1
echo %r%
echo --- hexadecimal
set /a r=0xff
echo %r%
echo --- octal
set /a r=017
echo %r%
echo --- the largest number, one more
set /a r=2147483647 + 1
echo %r%
echo --- products keep 32 bits
set /a r=65536 * 65536 + 7
echo %r%
echo --- the smallest number
set /a r=-2147483647 - 1
echo %r%
echo --- within quotes
set /a "r=(1+2)*3"
echo %r%
echo --- blanks do not count
set /a   r  =  1   +   1
echo %r%
echo --- in a block
if 1==1 (
  set /a r=3*3
)
echo %r%
echo --- division by zero
set r=kept
set /a r=1/0
echo %errorlevel% %r%
echo --- remainder by zero
set /a r=1 %% 0
echo %errorlevel%
echo --- a missing operand
set /a r=1+
echo %errorlevel%
echo --- an unclosed parenthesis
set /a "r=(1+2"
echo %errorlevel%
echo --- no octal number
set /a r=08
echo %errorlevel%
echo --- a number that is too large
set /a r=99999999999
echo %errorlevel%
echo --- no operator between
set /a r=1 2
echo %errorlevel%
echo --- success sets ERRORLEVEL
set /a r=0
echo %errorlevel%
echo --- counting
set /a i=0
:loop
set /a i+=1
if %i% lss 5 goto loop
echo %i%
echo --- at a command line the result is shown
cmd /c set /a 6*7
echo.
echo --- the last of several is shown
cmd /c "set /a 1,2,3"
echo.
echo --- delayed values
setlocal enabledelayedexpansion
set k=3
set /a r=!k!*2
echo !r!
endlocal
exit /b 0
