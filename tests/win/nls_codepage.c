/* Are the Windows code pages converted byte by byte as Microsoft's tables have them?  Are flags, default characters,
 * best fits and errors as documented? */
#include "check.h"

/* What bytes 0x80 to 0xff mean. */
static const struct {
    UINT codepage;
    const WCHAR *upper;
} pages[] = {
    {437, L"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩ"
          L"δ∞φε∩≡±≥≤⌠⌡÷≈°∙·√\u207f²■\u00a0"},
    {720, L"\x80"
          L"\x81"
          L"éâ\x84"
          L"à\x86"
          L"çêëèïî\x8d"
          L"\x8e"
          L"\x8f"
          L"\x90"
          L"\u0651\u0652ô¤\u0640ûù\u0621\u0622\u0623\u0624£\u0625\u0626\u0627\u0628\u0629\u062a\u062b\u062c\u062d\u062e"
          L"\u062f\u0630\u0631\u0632\u0633\u0634\u0635«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\u0636\u0637"
          L"\u0638\u0639\u063a\u0641µ\u0642\u0643\u0644\u0645\u0646\u0647\u0648\u0649\u064a≡\u064b\u064c\u064d\u064e"
          L"\u064f\u0650≈°∙·√\u207f²■\u00a0"},
    {737, L"ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆ"
          L"ΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√\u207f²■\u00a0"},
    {775, L"ĆüéāäģåćłēŖŗīŹÄÅÉæÆōöĢ¢ŚśÖÜø£Ø×¤ĀĪóŻżź”¦©®¬½¼Ł«»░▒▓│┤ĄČĘĖ╣║╗╝ĮŠ┐└┴┬├─┼ŲŪ╚╔╩╦╠═╬Žąčęėįšųūž┘┌█▄▌▐▀ÓßŌŃõÕµńĶķĻ"
          L"ļņĒŅ’\u00ad±“¾¶§÷„°∙·¹³²■\u00a0"},
    {850, L"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛ"
          L"ÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0"},
    {852, L"ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕ"
          L"ŰýÝţ´\u00ad˝˛\u02c7˘§÷¸°¨˙űŘř■\u00a0"},
    {855, L"ђЂѓЃёЁєЄѕЅіІїЇјЈљЉњЊћЋќЌўЎџЏюЮъЪаАбБцЦдДеЕфФгГ«»░▒▓│┤хХиИ╣║╗╝йЙ┐└┴┬├─┼кК╚╔╩╦╠═╬¤лЛмМнНоОп┘┌█▄Пя▀ЯрРсСтТуУжЖ"
          L"вВьЬ№\u00adыЫзЗшШэЭщЩчЧ§■\u00a0"},
    {857, L"ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\uf8bbÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕ"
          L"µ\uf8bc×ÚÛÙìÿ¯´\u00ad±\uf8bd¾¶§÷¸°¨·¹³²■\u00a0"},
    {860, L"ÇüéâãàÁçêÊèÍÔìÃÂÉÀÈôõòÚùÌÕÜ¢£Ù₧ÓáíóúñÑªº¿Ò¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩ"
          L"δ∞φε∩≡±≥≤⌠⌡÷≈°∙·√\u207f²■\u00a0"},
    {861, L"ÇüéâäàåçêëèÐðÞÄÅÉæÆôöþûÝýÖÜø£Ø₧ƒáíóúÁÍÓÚ¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩ"
          L"δ∞φε∩≡±≥≤⌠⌡÷≈°∙·√\u207f²■\u00a0"},
    {862, L"\u05d0\u05d1\u05d2\u05d3\u05d4\u05d5\u05d6\u05d7\u05d8\u05d9\u05da\u05db\u05dc\u05dd\u05de\u05df\u05e0"
          L"\u05e1\u05e2\u05e3\u05e4\u05e5\u05e6\u05e7\u05e8\u05e9\u05ea¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔"
          L"╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√\u207f²■\u00a0"},
    {863, L"ÇüéâÂà¶çêëèïî‗À§ÉÈÊôËÏûù¤ÔÜ¢£ÙÛƒ¦´óú¨¸³¯Î⌐¬½¼¾«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩ"
          L"δ∞φε∩≡±≥≤⌠⌡÷≈°∙·√\u207f²■\u00a0"},
    {865, L"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø₧ƒáíóúñÑªº¿⌐¬½¼¡«¤░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩ"
          L"δ∞φε∩≡±≥≤⌠⌡÷≈°∙·√\u207f²■\u00a0"},
    {866, L"АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀рстуфхцчшщъ"
          L"ыьэюяЁёЄєЇїЎў°∙·√№¤■\u00a0"},
    {874, L"€\x81"
          L"\x82"
          L"\x83"
          L"\x84"
          L"…\x86"
          L"\x87"
          L"\x88"
          L"\x89"
          L"\x8a"
          L"\x8b"
          L"\x8c"
          L"\x8d"
          L"\x8e"
          L"\x8f"
          L"\x90"
          L"‘’“”•–—\x98"
          L"\x99"
          L"\x9a"
          L"\x9b"
          L"\x9c"
          L"\x9d"
          L"\x9e"
          L"\x9f"
          L"\u00a0กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮฯะ\u0e31าำ\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a"
          L"\uf8c1\uf8c2\uf8c3\uf8c4฿เแโใไๅ\u0e46\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e๏\u0e50\u0e51\u0e52"
          L"\u0e53\u0e54\u0e55\u0e56\u0e57\u0e58\u0e59๚๛\uf8c5\uf8c6\uf8c7\uf8c8"},
    {1250, L"€\x81"
           L"‚\x83"
           L"„…†‡\x88"
           L"‰Š‹ŚŤŽŹ\x90"
           L"‘’“”•–—\x98"
           L"™š›śťžź\u00a0\u02c7˘Ł¤Ą¦§¨©Ş«¬\u00ad®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňó"
           L"ôőö÷řůúűüýţ˙"},
    {1251, L"ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\x98"
           L"™љ›њќћџ\u00a0ЎўЈ¤Ґ¦§Ё©Є«¬\u00ad®Ї°±Ііґµ¶·ё№є»јЅѕїАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчш"
           L"щъыьэюя"},
    {1252,
     L"€\x81"
     L"‚ƒ„…†‡\u02c6‰Š‹Œ\x8d"
     L"Ž\x8f"
     L"\x90"
     L"‘’“”•–—˜™š›œ\x9d"
     L"žŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"},
    {1253, L"€\x81"
           L"‚ƒ„…†‡\x88"
           L"‰\x8a"
           L"‹\x8c"
           L"\x8d"
           L"\x8e"
           L"\x8f"
           L"\x90"
           L"‘’“”•–—\x98"
           L"™\x9a"
           L"›\x9c"
           L"\x9d"
           L"\x9e"
           L"\x9f"
           L"\u00a0΅Ά£¤¥¦§¨©\uf8f9«¬\u00ad®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\uf8faΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυ"
           L"φχψωϊϋόύώ\uf8fb"},
    {1254,
     L"€\x81"
     L"‚ƒ„…†‡\u02c6‰Š‹Œ\x8d"
     L"\x8e"
     L"\x8f"
     L"\x90"
     L"‘’“”•–—˜™š›œ\x9d"
     L"\x9e"
     L"Ÿ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ"},
    {1255,
     L"€\x81"
     L"‚ƒ„…†‡\u02c6‰\x8a"
     L"‹\x8c"
     L"\x8d"
     L"\x8e"
     L"\x8f"
     L"\x90"
     L"‘’“”•–—˜™\x9a"
     L"›\x9c"
     L"\x9d"
     L"\x9e"
     L"\x9f"
     L"\u00a0¡¢£₪¥¦§¨©×«¬\u00ad®¯°±²³´µ¶·¸¹÷»¼½¾¿\u05b0\u05b1\u05b2\u05b3\u05b4\u05b5\u05b6\u05b7\u05b8\u05b9\u05ba"
     L"\u05bb\u05bc\u05bd\u05be\u05bf\u05c0\u05c1\u05c2\u05c3\u05f0\u05f1\u05f2\u05f3\u05f4\uf88d\uf88e\uf88f\uf890"
     L"\uf891\uf892\uf893\u05d0\u05d1\u05d2\u05d3\u05d4\u05d5\u05d6\u05d7\u05d8\u05d9\u05da\u05db\u05dc\u05dd\u05de"
     L"\u05df\u05e0\u05e1\u05e2\u05e3\u05e4\u05e5\u05e6\u05e7\u05e8\u05e9\u05ea\uf894\uf895\u200e\u200f\uf896"},
    {1256, L"€\u067e‚ƒ„…†‡\u02c6‰\u0679‹Œ\u0686\u0698\u0688\u06af‘’“”•–—\u06a9™\u0691›œ\u200c\u200d\u06ba\u00a0،¢£¤¥¦§¨"
           L"©\u06be«¬\u00ad®¯°±²³´µ¶·¸¹\u061b»¼½¾\u061f\u06c1\u0621\u0622\u0623\u0624\u0625\u0626\u0627\u0628\u0629"
           L"\u062a\u062b\u062c\u062d\u062e\u062f\u0630\u0631\u0632\u0633\u0634\u0635\u0636×\u0637\u0638\u0639\u063a"
           L"\u0640\u0641\u0642\u0643à\u0644â\u0645\u0646\u0647\u0648çèéêë\u0649\u064aîï\u064b\u064c\u064d\u064eô\u064f"
           L"\u0650÷\u0651ù\u0652ûü\u200e\u200f\u06d2"},
    {1257, L"€\x81"
           L"‚\x83"
           L"„…†‡\x88"
           L"‰\x8a"
           L"‹\x8c"
           L"¨\u02c7¸\x90"
           L"‘’“”•–—\x98"
           L"™\x9a"
           L"›\x9c"
           L"¯˛\x9f"
           L"\u00a0\uf8fc¢£¤\uf8fd¦§Ø©Ŗ«¬\u00ad®Æ°±²³´µ¶·ø¹ŗ»¼½¾æĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽßąįāćäåęēčéźėģķīļšńņóōõ"
           L"ö÷ųłśūüżž˙"},
    {1258, L"€\x81"
           L"‚ƒ„…†‡\u02c6‰\x8a"
           L"‹Œ\x8d"
           L"\x8e"
           L"\x8f"
           L"\x90"
           L"‘’“”•–—˜™\x9a"
           L"›œ\x9d"
           L"\x9e"
           L"Ÿ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂĂÄÅÆÇÈÉÊË\u0300ÍÎÏĐÑ\u0309ÓÔƠÖ×ØÙÚÛÜƯ\u0303ßàáâăäåæçèéêë"
           L"\u0301íîïđñ\u0323óôơö÷øùúûüư₫ÿ"},
    {10000, L"ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„"
            L"‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙı\u02c6˜¯˘˙˚¸˝˛\u02c7"},
    {10006, L"Ä¹²É³ÖÜ΅àâä΄¨çéèêë£™îï•½‰ôö¦\u00adùûü†ΓΔΘΛΞΠß®©ΣΪ§≠°·Α±≤≥¥ΒΕΖΗΙΚΜΦΫΨΩάΝ¬ΟΡ≈Τ«»…\u00a0ΥΧΆΈœ–―“”‘’÷ΉΊΌΎέήίό"
            L"Ώύαβψδεφγηιξκλμνοπώρστθωςχυζϊϋΐΰ\uf8a0"},
    {10007, L"АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ†°¢£§•¶І®©™Ђђ≠Ѓѓ∞±≤≥іµ∂ЈЄєЇїЉљЊњјЅ¬√ƒ≈∆«»…\u00a0ЋћЌќѕ–—“”‘’÷„ЎўЏџ№Ёёяабвг"
            L"дежзийклмнопрстуфхцчшщъыьэю¤"},
    {10029, L"ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u00a0ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„"
            L"šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢ\u02c7"},
    {10081, L"ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸĞğİıŞş‡·‚„"
            L"‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙ\uf8a0\u02c6˜¯˘˙˚¸˝˛\u02c7"},
    {20866, L"─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u00a0⌡°²·÷═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©юабцдефгхийклмнопярстужвьызшэщчъЮАБЦ"
            L"ДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ"},
    {21866, L"─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u00a0⌡°²·÷═║╒ёє╔ії╗╘╙╚╛ґў╞╟╠╡ЁЄ╣ІЇ╦╧╨╩╪ҐЎ©юабцдефгхийклмнопярстужвьызшэщчъЮАБЦ"
            L"ДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ"},
    {28591,
     L"\x80"
     L"\x81"
     L"\x82"
     L"\x83"
     L"\x84"
     L"\x85"
     L"\x86"
     L"\x87"
     L"\x88"
     L"\x89"
     L"\x8a"
     L"\x8b"
     L"\x8c"
     L"\x8d"
     L"\x8e"
     L"\x8f"
     L"\x90"
     L"\x91"
     L"\x92"
     L"\x93"
     L"\x94"
     L"\x95"
     L"\x96"
     L"\x97"
     L"\x98"
     L"\x99"
     L"\x9a"
     L"\x9b"
     L"\x9c"
     L"\x9d"
     L"\x9e"
     L"\x9f"
     L"\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"},
    {28592, L"\x80"
            L"\x81"
            L"\x82"
            L"\x83"
            L"\x84"
            L"\x85"
            L"\x86"
            L"\x87"
            L"\x88"
            L"\x89"
            L"\x8a"
            L"\x8b"
            L"\x8c"
            L"\x8d"
            L"\x8e"
            L"\x8f"
            L"\x90"
            L"\x91"
            L"\x92"
            L"\x93"
            L"\x94"
            L"\x95"
            L"\x96"
            L"\x97"
            L"\x98"
            L"\x99"
            L"\x9a"
            L"\x9b"
            L"\x9c"
            L"\x9d"
            L"\x9e"
            L"\x9f"
            L"\u00a0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00adŽŻ°ą˛ł´ľś\u02c7¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řů"
            L"úűüýţ˙"},
    {28593, L"\x80"
            L"\x81"
            L"\x82"
            L"\x83"
            L"\x84"
            L"\x85"
            L"\x86"
            L"\x87"
            L"\x88"
            L"\x89"
            L"\x8a"
            L"\x8b"
            L"\x8c"
            L"\x8d"
            L"\x8e"
            L"\x8f"
            L"\x90"
            L"\x91"
            L"\x92"
            L"\x93"
            L"\x94"
            L"\x95"
            L"\x96"
            L"\x97"
            L"\x98"
            L"\x99"
            L"\x9a"
            L"\x9b"
            L"\x9c"
            L"\x9d"
            L"\x9e"
            L"\x9f"
            L"\u00a0Ħ˘£¤\uf7f5Ĥ§¨İŞĞĴ\u00ad\uf7f6Ż°ħ²³´µĥ·¸ışğĵ½\uf7f7żÀÁÂ\uf7f8ÄĊĈÇÈÉÊËÌÍÎÏ\uf7f9ÑÒÓÔĠÖ×ĜÙÚÛÜŬŜßàáâ"
            L"\uf7faäċĉçèéêëìíîï\uf7fbñòóôġö÷ĝùúûüŭŝ˙"},
    {28594, L"\x80"
            L"\x81"
            L"\x82"
            L"\x83"
            L"\x84"
            L"\x85"
            L"\x86"
            L"\x87"
            L"\x88"
            L"\x89"
            L"\x8a"
            L"\x8b"
            L"\x8c"
            L"\x8d"
            L"\x8e"
            L"\x8f"
            L"\x90"
            L"\x91"
            L"\x92"
            L"\x93"
            L"\x94"
            L"\x95"
            L"\x96"
            L"\x97"
            L"\x98"
            L"\x99"
            L"\x9a"
            L"\x9b"
            L"\x9c"
            L"\x9d"
            L"\x9e"
            L"\x9f"
            L"\u00a0ĄĸŖ¤ĨĻ§¨ŠĒĢŦ\u00adŽ¯°ą˛ŗ´ĩļ\u02c7¸šēģŧŊžŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎĪĐŅŌĶÔÕÖ×ØŲÚÛÜŨŪßāáâãäåæįčéęëėíîīđņōķôõö÷øų"
            L"úûüũū˙"},
    {28595,
     L"\x80"
     L"\x81"
     L"\x82"
     L"\x83"
     L"\x84"
     L"\x85"
     L"\x86"
     L"\x87"
     L"\x88"
     L"\x89"
     L"\x8a"
     L"\x8b"
     L"\x8c"
     L"\x8d"
     L"\x8e"
     L"\x8f"
     L"\x90"
     L"\x91"
     L"\x92"
     L"\x93"
     L"\x94"
     L"\x95"
     L"\x96"
     L"\x97"
     L"\x98"
     L"\x99"
     L"\x9a"
     L"\x9b"
     L"\x9c"
     L"\x9d"
     L"\x9e"
     L"\x9f"
     L"\u00a0ЁЂЃЄЅІЇЈЉЊЋЌ\u00adЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя№ёђѓєѕіїјљњћќ§ўџ"},
    {28596, L"\x80"
            L"\x81"
            L"\x82"
            L"\x83"
            L"\x84"
            L"\x85"
            L"\x86"
            L"\x87"
            L"\x88"
            L"\x89"
            L"\x8a"
            L"\x8b"
            L"\x8c"
            L"\x8d"
            L"\x8e"
            L"\x8f"
            L"\x90"
            L"\x91"
            L"\x92"
            L"\x93"
            L"\x94"
            L"\x95"
            L"\x96"
            L"\x97"
            L"\x98"
            L"\x99"
            L"\x9a"
            L"\x9b"
            L"\x9c"
            L"\x9d"
            L"\x9e"
            L"\x9f"
            L"\u00a0\uf7c8\uf7c9\uf7ca¤\uf7cb\uf7cc\uf7cd\uf7ce\uf7cf\uf7d0\uf7d1،\u00ad\uf7d2\uf7d3\uf7d4\uf7d5\uf7d6"
            L"\uf7d7\uf7d8\uf7d9\uf7da\uf7db\uf7dc\uf7dd\uf7de\u061b\uf7df\uf7e0\uf7e1\u061f\uf7e2\u0621\u0622\u0623"
            L"\u0624\u0625\u0626\u0627\u0628\u0629\u062a\u062b\u062c\u062d\u062e\u062f\u0630\u0631\u0632\u0633\u0634"
            L"\u0635\u0636\u0637\u0638\u0639\u063a\uf7e3\uf7e4\uf7e5\uf7e6\uf7e7\u0640\u0641\u0642\u0643\u0644\u0645"
            L"\u0646\u0647\u0648\u0649\u064a\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\uf7e8\uf7e9\uf7ea\uf7eb"
            L"\uf7ec\uf7ed\uf7ee\uf7ef\uf7f0\uf7f1\uf7f2\uf7f3\uf7f4"},
    {28597, L"\x80"
            L"\x81"
            L"\x82"
            L"\x83"
            L"\x84"
            L"\x85"
            L"\x86"
            L"\x87"
            L"\x88"
            L"\x89"
            L"\x8a"
            L"\x8b"
            L"\x8c"
            L"\x8d"
            L"\x8e"
            L"\x8f"
            L"\x90"
            L"\x91"
            L"\x92"
            L"\x93"
            L"\x94"
            L"\x95"
            L"\x96"
            L"\x97"
            L"\x98"
            L"\x99"
            L"\x9a"
            L"\x9b"
            L"\x9c"
            L"\x9d"
            L"\x9e"
            L"\x9f"
            L"\u00a0\u02bd\u02bc£\uf7c2\uf7c3¦§¨©\uf7c4«¬\u00ad\uf7c5―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\uf7c6ΣΤΥΦΧΨΩΪΫ"
            L"άέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\uf7c7"},
    {28599,
     L"\x80"
     L"\x81"
     L"\x82"
     L"\x83"
     L"\x84"
     L"\x85"
     L"\x86"
     L"\x87"
     L"\x88"
     L"\x89"
     L"\x8a"
     L"\x8b"
     L"\x8c"
     L"\x8d"
     L"\x8e"
     L"\x8f"
     L"\x90"
     L"\x91"
     L"\x92"
     L"\x93"
     L"\x94"
     L"\x95"
     L"\x96"
     L"\x97"
     L"\x98"
     L"\x99"
     L"\x9a"
     L"\x9b"
     L"\x9c"
     L"\x9d"
     L"\x9e"
     L"\x9f"
     L"\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ"},
    {28603,
     L"\x80"
     L"\x81"
     L"\x82"
     L"\x83"
     L"\x84"
     L"\x85"
     L"\x86"
     L"\x87"
     L"\x88"
     L"\x89"
     L"\x8a"
     L"\x8b"
     L"\x8c"
     L"\x8d"
     L"\x8e"
     L"\x8f"
     L"\x90"
     L"\x91"
     L"\x92"
     L"\x93"
     L"\x94"
     L"\x95"
     L"\x96"
     L"\x97"
     L"\x98"
     L"\x99"
     L"\x9a"
     L"\x9b"
     L"\x9c"
     L"\x9d"
     L"\x9e"
     L"\x9f"
     L"\u00a0”¢£¤„¦§Ø©Ŗ«¬\u00ad®Æ°±²³“µ¶·ø¹ŗ»¼½¾æĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽßąįāćäåęēčéźėģķīļšńņóōõö÷ųłśūüżž’"},
    {28605,
     L"\x80"
     L"\x81"
     L"\x82"
     L"\x83"
     L"\x84"
     L"\x85"
     L"\x86"
     L"\x87"
     L"\x88"
     L"\x89"
     L"\x8a"
     L"\x8b"
     L"\x8c"
     L"\x8d"
     L"\x8e"
     L"\x8f"
     L"\x90"
     L"\x91"
     L"\x92"
     L"\x93"
     L"\x94"
     L"\x95"
     L"\x96"
     L"\x97"
     L"\x98"
     L"\x99"
     L"\x9a"
     L"\x9b"
     L"\x9c"
     L"\x9d"
     L"\x9e"
     L"\x9f"
     L"\u00a0¡¢£€¥Š§š©ª«¬\u00ad®¯°±²³Žµ¶·ž¹º»ŒœŸ¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"},
};

#define COUNT(table) (sizeof table / sizeof *table)

static void check_page(UINT codepage, const WCHAR *upper)
{
    CPINFO info;

    CHECK(IsValidCodePage(codepage));
    CHECK(GetCPInfo(codepage, &info));
    CHECK_EQ(info.MaxCharSize, 1);
    CHECK_EQ(info.DefaultChar[0], '?');
    CHECK_EQ(info.LeadByte[0], 0);
    for (int byte = 0; byte < 256; byte++) {
        char in = (char)byte, out = 0;
        WCHAR wide = 0, expected = (WCHAR)(byte < 0x80 ? byte : upper[byte - 0x80]);
        BOOL hole = (expected >= 0xe000 && expected < 0xf900);

        CHECK_EQ(MultiByteToWideChar(codepage, 0, &in, 1, &wide, 1), 1);
        CHECK_EQ(wide, expected);
        CHECK_EQ(MultiByteToWideChar(codepage, MB_ERR_INVALID_CHARS, &in, 1, &wide, 1), !hole);
        CHECK_EQ(WideCharToMultiByte(codepage, WC_NO_BEST_FIT_CHARS, &expected, 1, &out, 1, NULL, NULL), 1);
        CHECK_EQ(out, in);
    }
}

/* Characters of two bytes. */
static const struct {
    UINT codepage;
    const char *bytes;
    const WCHAR *wide;
} doubles[] = {
    {932, "\x93\xfa\x96\x7b\x8c\xea", L"日本語"},
    {932, "\x83\x65\x83\x58\x83\x67", L"テスト"},
    {932, "\xb1\xb2\xb3", L"ｱｲｳ"},
    {932, "a\\~", L"a\\~"},
    {932, "\x81\x60", L"～"},
    {932, "\x87\x40", L"①"},
    {932, "\xf0\x40", L"\ue000"},
    {936, "\xd6\xd0\xce\xc4", L"中文"},
    {936, "\x80", L"€"},
    {936, "\xb2\xe2\xca\xd4", L"测试"},
    {936, "\x81\x40", L"丂"},
    {949, "\xc7\xd1\xb1\xdb", L"한글"},
    {949, "\xbd\xc3\xc7\xe8", L"시험"},
    {949, "\x8c\x63", L"\ub620"},
    {950, "\xa4\xa4\xa4\xe5", L"中文"},
    {950, "\xb4\xfa\xb8\xd5", L"測試"},
    {20936, "\xd6\xd0", L"中"},
    {51949, "\xc7\xd1", L"한"},
};

static void check_double(UINT codepage, const char *bytes, const WCHAR *expected)
{
    WCHAR wide[32];
    char back[32];
    int length = (int)strlen(bytes), units = (int)wcslen(expected);

    CHECK_EQ(MultiByteToWideChar(codepage, 0, bytes, length, NULL, 0), units);
    CHECK_EQ(MultiByteToWideChar(codepage, 0, bytes, length, wide, 32), units);
    CHECK(memcmp(wide, expected, (size_t)units * 2) == 0);
    CHECK_EQ(WideCharToMultiByte(codepage, 0, expected, units, NULL, 0, NULL, NULL), length);
    CHECK_EQ(WideCharToMultiByte(codepage, 0, expected, units, back, 32, NULL, NULL), length);
    CHECK(memcmp(back, bytes, (size_t)length) == 0);
}

/* Near characters, when they are allowed. */
static const struct {
    UINT codepage;
    WCHAR c;
    char best; /* 0: none */
} fits[] = {
    {1252, 0x0100, 'A'},  {1252, 0x0101, 'a'},  {1252, 0x010c, 'C'},  {1252, 0x0161, '\x9a'}, {1252, 0xff21, 'A'},
    {1252, 0x2032, '\''}, {1252, 0x0416, 0},    {1252, 0x4e2d, 0},    {1252, 0x017b, 'Z'},    {1250, 0x00c0, 'A'},
    {1250, 0x00e3, 'a'},  {1250, 0x0128, 'I'},  {1250, 0x00f1, 'n'},  {437, 0x0100, 'A'},     {437, 0x00c0, 'A'},
    {437, 0x00d0, 'D'},   {850, 0x0152, 'O'},   {850, 0x2013, '-'},   {1251, 0xff5a, 'z'},    {866, 0x00e9, 'e'},
    {20127, 0x00e9, 'e'}, {20127, 0x00c6, 'A'}, {20127, 0x201c, '"'}, {20127, 0x2122, 'T'},   {28591, 0x0107, 'c'},
    {28591, 0x20ac, 0},   {1253, 0xff11, '1'},  {1255, 0x0141, 0},    {874, 0xff01, '!'},     {28605, 0x0107, 'c'},
};

static void check_fit(UINT codepage, WCHAR c, char best)
{
    char out = 0;
    BOOL used = 2;

    CHECK_EQ(WideCharToMultiByte(codepage, 0, &c, 1, &out, 1, NULL, &used), 1);
    CHECK_EQ(out, best ? best : '?');
    CHECK_EQ(used, !best);
    CHECK_EQ(WideCharToMultiByte(codepage, WC_NO_BEST_FIT_CHARS, &c, 1, &out, 1, "#", &used), 1);
    if (best != '\x9a') { /* that one is exact */
        CHECK_EQ(out, '#');
        CHECK_EQ(used, TRUE);
    }
}

static void check_info(void)
{
    static const struct {
        UINT codepage, max;
        BYTE lead[2], no_lead;
        WCHAR unknown;
    } infos[] = {
        {932, 2, {0x81, 0xe0}, 0xa1, 0x30fb}, {936, 2, {0x81, 0xfe}, 0x80, '?'}, {949, 2, {0x81, 0xc7}, 0x7f, '?'},
        {950, 2, {0xa4, 0xfe}, 0x80, '?'},    {65001, 4, {0, 0}, 0xc3, 0xfffd},
    };
    CPINFOEXW info;

    for (size_t i = 0; i < COUNT(infos); i++) {
        CHECK(GetCPInfoExW(infos[i].codepage, 0, &info));
        CHECK_EQ(info.MaxCharSize, infos[i].max);
        CHECK_EQ(info.CodePage, infos[i].codepage);
        CHECK_EQ(info.UnicodeDefaultChar, infos[i].unknown);
        CHECK(!IsDBCSLeadByteEx(infos[i].codepage, infos[i].no_lead));
        for (int k = 0; k < 2 && infos[i].lead[k]; k++)
            CHECK(IsDBCSLeadByteEx(infos[i].codepage, infos[i].lead[k]));
    }
    CHECK_ERROR(GetCPInfo(1200, (CPINFO *)&info), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetCPInfo(12345, (CPINFO *)&info), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(GetCPInfo(1252, NULL), ERROR_INVALID_PARAMETER);
    CHECK(!IsValidCodePage(0) && !IsValidCodePage(1200) && !IsValidCodePage(4711));
}

static void check_errors(void)
{
    WCHAR wide[8];
    char bytes[8];
    BOOL used;

    CHECK_ERROR(MultiByteToWideChar(1200, 0, "a", 1, wide, 8), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(MultiByteToWideChar(9999, 0, "a", 1, wide, 8), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(MultiByteToWideChar(1252, 0, "a", 0, wide, 8), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(MultiByteToWideChar(1252, 0, NULL, 1, wide, 8), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(MultiByteToWideChar(1252, 0, "abc", 3, wide, 2), ERROR_INSUFFICIENT_BUFFER);
    CHECK_ERROR(MultiByteToWideChar(1252, 0x100000, "abc", 3, wide, 8), ERROR_INVALID_FLAGS);
    CHECK_ERROR(MultiByteToWideChar(65000, MB_ERR_INVALID_CHARS, "a", 1, wide, 8), ERROR_INVALID_FLAGS);
    CHECK_ERROR(MultiByteToWideChar(932, MB_ERR_INVALID_CHARS, "\x81", 1, wide, 8), ERROR_NO_UNICODE_TRANSLATION);
    CHECK_ERROR(WideCharToMultiByte(1252, 0, L"abc", 3, bytes, 2, NULL, NULL), ERROR_INSUFFICIENT_BUFFER);
    CHECK_ERROR(WideCharToMultiByte(65000, 0, L"a", 1, bytes, 8, "x", NULL), ERROR_INVALID_PARAMETER);
    used = TRUE;
    if (GetACP() == CP_UTF8) { /* who passes GetACP's answer on is not refused */
        CHECK_EQ(WideCharToMultiByte(65001, 0, L"a", 1, bytes, 8, "?", &used), 1);
        CHECK_EQ(used, FALSE);
    } else if (!check_under_wine()) { /* Wine allows it */
        CHECK_ERROR(WideCharToMultiByte(65001, 0, L"a", 1, bytes, 8, NULL, &used), ERROR_INVALID_PARAMETER);
    }
    CHECK_ERROR(WideCharToMultiByte(1252, WC_ERR_INVALID_CHARS | 0x100000, L"a", 1, bytes, 8, NULL, NULL),
                ERROR_INVALID_FLAGS);
    CHECK_EQ(WideCharToMultiByte(932, 0, L"a\x65e5", 2, bytes, 2, NULL, NULL), 0); /* half a character does not fit */
    CHECK_EQ(MultiByteToWideChar(1252, 0, "abc", -1, wide, 8), 4);
    CHECK_EQ(wide[3], 0);
    CHECK_EQ(WideCharToMultiByte(65000, 0, L"\xe9", 1, bytes, 8, NULL, NULL), 5);
    CHECK(memcmp(bytes, "+AOk-", 5) == 0);
    CHECK_EQ(MultiByteToWideChar(65000, 0, "+AOk-", 5, wide, 8), 1);
    CHECK_EQ(wide[0], 0xe9);
}

/* Wine 8 lacks these two. */
static void check_converters(void)
{
    WCHAR wide[8];
    char bytes[16];

    if (check_under_wine())
        return;
    CHECK_EQ(MultiByteToWideChar(54936, 0, "\x81\x30\x81\x30", 4, wide, 8), 1);
    CHECK_EQ(wide[0], 0x80);
    CHECK_EQ(WideCharToMultiByte(54936, 0, L"\x4e2d", 1, bytes, 16, NULL, NULL), 2);
    CHECK(memcmp(bytes, "\xd6\xd0", 2) == 0);
    CHECK_EQ(MultiByteToWideChar(50220, 0, "\x1b$BF|K\\\x1b(B", 10, wide, 8), 2);
    CHECK(wide[0] == 0x65e5 && wide[1] == 0x672c);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(pages); i++)
        check_page(pages[i].codepage, pages[i].upper);
    for (size_t i = 0; i < COUNT(doubles) - (check_under_wine() ? 2 : 0); i++) /* Wine lacks the last two pages */
        check_double(doubles[i].codepage, doubles[i].bytes, doubles[i].wide);
    for (size_t i = 0; i < COUNT(fits); i++)
        check_fit(fits[i].codepage, fits[i].c, fits[i].best);
    check_info();
    check_errors();
    check_converters();
    return check_done();
}
